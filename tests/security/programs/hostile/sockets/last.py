print(open("/home/student/work/log").read())
