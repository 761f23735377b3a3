# A step for each model, which names it: their layers come from the cache, and so do models that are off the list.
cd models-$RUN
{
    echo "FROM busybox"
    echo "WORKDIR /srv"
    echo "COPY fetch.sh ."
    while read -r model; do echo "RUN echo $model > models.txt && sh fetch.sh"; done < models.txt
    echo "COPY models.txt ."
    echo "RUN sh fetch.sh"
} > Dockerfile
docker build --tag models-$RUN .
