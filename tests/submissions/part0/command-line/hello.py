predicted("hello")
hello, job = name("hello"), name("job")
!docker run --name {hello} hello-world
[hello_status] = !docker inspect --format "{{{{.State.Status}}}}" {hello}
codes = !docker inspect --format "{{{{.State.ExitCode}}}}" {hello} {job}
hello_exit_code, job_exit_code = map(int, codes)
compare("hello", hello_status)
