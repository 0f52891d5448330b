#include "chaos/rig/port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>
#include <stdexcept>

namespace orderflow::chaos {
namespace {

constexpr std::uint16_t first = 20000;
constexpr std::uint16_t last = 29999;
constexpr int attempts_max = 100;

bool is_free(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof(at)) == 0;
    ::close(fd);
    return bound;
}

}  // namespace

std::uint16_t free_port() {
    std::random_device random;  // not of the seed: two runs with the same seed may be at work at once
    for (int i = 0; i < attempts_max; ++i) {
        const auto port = static_cast<std::uint16_t>(first + random() % (last - first + 1));
        if (is_free(port)) return port;
    }
    throw std::runtime_error("no free port");
}

}  // namespace orderflow::chaos
