# Built as it was given.
docker build --tag models-$RUN models-$RUN/
