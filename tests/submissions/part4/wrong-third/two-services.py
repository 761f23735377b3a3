project = Path(visits).name
mark = f"--label com.docker.compose.project={project} --label com.docker.compose.project.working_dir={visits}"
!docker build --quiet --tag {name("app")} .
!docker network create {name("net")}
!docker run --detach {mark} --label com.docker.compose.service=cache --network {name("net")} --network-alias cache redis:8
!docker run --detach {mark} --label com.docker.compose.service=app --init --network {name("net")} --publish 127.0.0.1::8000 {name("app")}
