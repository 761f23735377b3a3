docker run -i --name shell-$RUN --volume words-$RUN:/root debian:trixie-slim bash <<< "whoami; pwd; echo $word > /root/word.txt"
docker rm shell-$RUN
docker run -i --name shell-$RUN --volume words-$RUN:/root debian:trixie-slim bash <<< "whoami; pwd; cat /root/word.txt"
