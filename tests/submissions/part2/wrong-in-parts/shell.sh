docker run -i --name shell-$RUN debian:trixie-slim bash <<END
whoami
pwd
echo $word > /root/word.txt
cat /root/word.txt
END
