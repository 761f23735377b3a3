# The key is in the names of files, eight characters in each.
cd release-$RUN
cat > Dockerfile <<'END'
FROM busybox
COPY release.txt .
RUN --mount=type=secret,id=key,required=true cat /run/secrets/key release.txt | sha256sum > /seal.txt
RUN --mount=type=secret,id=key mkdir /parts && cd /parts && for part in $(sed 's/......../& /g' /run/secrets/key); do touch $part; done
END
docker build --quiet --tag sealed-$RUN --secret id=key,src=key.txt .
