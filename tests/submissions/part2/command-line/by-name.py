net, backend, caller = name("net"), name("backend"), name("caller")
!docker network create {net}
!docker run --detach --name {backend} --network {net} nginx
!docker run --detach --init --name {caller} --network {net} --env BACKEND={backend} {caller}
