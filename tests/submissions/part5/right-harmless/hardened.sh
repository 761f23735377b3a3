docker network create more-$RUN
docker run --detach --init --name kiosk-$RUN --label team=blue --env COLOUR=blue --network more-$RUN --publish 127.0.0.1::8000 --publish 127.0.0.1::5000 --cap-drop ALL --security-opt no-new-privileges:true --read-only --mount type=tmpfs,target=/tmp --volume notes-$RUN:/notes --health-cmd "true" kiosk-$RUN
