docker run --name shell-$RUN debian:trixie-slim bash <<END
whoami
pwd
echo $word > /root/word.txt
END
docker start -ai shell-$RUN <<< "cat /root/word.txt"
