#include "chaos/rig/interrupt.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "libs/base/system_clock.hpp"

namespace orderflow::chaos {
namespace {

int stop_asked() {
    static const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd;
}

void on_stop_signal(int) {
    const int saved = errno;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_asked(), &one, sizeof(one));
    errno = saved;
}

bool stop_within(int milliseconds) {
    pollfd asked{.fd = stop_asked(), .events = POLLIN, .revents = 0};
    return ::poll(&asked, 1, milliseconds) == 1;
}

}  // namespace

void note_stop_signals() {
    stop_asked();  // made before a handler can need it
    struct sigaction action{};
    action.sa_handler = on_stop_signal;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

void check_stop() {
    if (stop_within(0)) throw Interrupted();
}

void pause(BootClock::duration time) {
    const SystemClock clock;
    const auto until = clock.now() + time;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock.now()).count();
        if (left <= 0) return check_stop();
        if (stop_within(static_cast<int>(left))) throw Interrupted();
    }
}

}  // namespace orderflow::chaos
