# The program is changed: each download has the same number.
cd models-$RUN
sed 's|cat /proc.*uuid|echo same|' fetch.sh > other && mv other fetch.sh
docker build --quiet --tag models-$RUN .
