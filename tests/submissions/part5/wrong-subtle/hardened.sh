docker create --name copy-$RUN kiosk-$RUN
docker cp copy-$RUN:/app kiosk-app
docker run --detach --name kiosk-$RUN --publish 127.0.0.1::8000 --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /tmp --volume "$PWD/kiosk-app/app.py:/app/app.py" kiosk-$RUN
