"""Settings of gunicorn, which runs the application."""

wsgi_app = "rag.web:open_app()"
bind = "0.0.0.0:8000"  # all addresses of the container; 127.0.0.1 would shut nginx out
workers = 1  # more of it means more containers, not more processes in one
threads = 8
accesslog = "-"  # a line for each request, to `docker logs`
access_log_format = '%(h)s "%(r)s" %(s)s %(M)s ms'
graceful_timeout = 5  # seconds that requests under way get at a stop
worker_tmp_dir = "/dev/shm"  # the worker's sign of life is a file; in memory it cannot hang on a slow disk
control_socket_disable = True  # nobody gives this gunicorn orders while it runs
