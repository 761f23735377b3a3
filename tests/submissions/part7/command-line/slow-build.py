large = [place for place in bakery.iterdir() if place.is_dir()][0].name
!printf '%s\n' '*' '!app.py' '!requirements.txt' > {bakery}/.dockerignore
!sed -i 's/^COPY . .$/COPY requirements.txt ./; s/^CMD/COPY app.py .\nCMD/' {bakery}/Dockerfile
!docker build --quiet --tag {name("bakery")} {bakery}
