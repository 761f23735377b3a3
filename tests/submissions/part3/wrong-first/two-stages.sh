# Built as it was given.
docker build --tag parted-$RUN workshop-$RUN/
