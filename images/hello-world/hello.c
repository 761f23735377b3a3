/* The first container's program: says what had to happen for this text to appear, and ends with status 0. */
#include <string.h>
#include <unistd.h>

static const char text[] =
    "\n"
    "Hello from Docker: your Engine works.\n"
    "\n"
    "For this text to reach you,\n"
    "  - a client asked the Docker Engine, over its API, to run the image \"hello-world\";\n"
    "  - the Engine had that image already, or fetched it from a registry;\n"
    "  - it made a new container from the image and started the one program in it;\n"
    "  - that program wrote these lines, the Engine passed them on, and the container ended.\n"
    "\n"
    "Next, a container that you can look around in:\n"
    "  docker run -it debian:trixie-slim bash\n"
    "\n";

int main(void)
{
    size_t done = 0, size = sizeof text - 1;

    while (done < size) {
        ssize_t n = write(STDOUT_FILENO, text + done, size - done);
        if (n <= 0)
            return 1;
        done += (size_t)n;
    }
    return 0;
}
