predicted("kernel")
tiny = name("tiny")
[kernel_outside] = !docker info --format "{{{{.KernelVersion}}}}"
[system_outside] = !docker info --format "{{{{.OperatingSystem}}}}"
[kernel_inside] = !docker run --rm {tiny} uname -r
[system_inside] = !docker run --rm {tiny} cat /etc/os-release
