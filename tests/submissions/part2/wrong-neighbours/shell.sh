docker run -i --name shell-$RUN busybox sh <<END
whoami
pwd
echo $word > /root/word.txt
END
docker start -ai shell-$RUN <<< "cat /root/word.txt"
