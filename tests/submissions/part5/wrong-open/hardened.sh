docker run --detach --name kiosk-$RUN --publish 8000 --cap-drop ALL --tmpfs /tmp kiosk-$RUN
