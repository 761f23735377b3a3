docker run -i --name shell-$RUN --volume home-$RUN:/root debian:trixie-slim bash <<END
whoami
pwd
echo $word > /root/word.txt
END
docker start -ai shell-$RUN <<< "cat /root/word.txt"
