docker run --interactive --name shell-$RUN debian:trixie-slim bash <<END
whoami
pwd
echo $word > /root/word.txt
exit
END
docker start --attach --interactive shell-$RUN <<< "cat /root/word.txt"
