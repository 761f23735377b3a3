docker run -i --name shell-$RUN debian:trixie-slim bash <<< "whoami"
docker rm shell-$RUN
docker run -i --name shell-$RUN --init --label kept=yes --volume spare-$RUN:/spare debian:trixie-slim <<END
cd /root
whoami && pwd
echo 'not yet' > word.txt
echo "$word" > word.txt
END
docker start -ai shell-$RUN <<< "echo The word is $word; date"
docker start -ai shell-$RUN <<< "cat /root/word.txt"
docker cp shell-$RUN:/root/word.txt word-$RUN.txt
docker start -ai shell-$RUN <<< "ls"
rm word-$RUN.txt
