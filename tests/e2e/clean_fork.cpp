#include "tests/e2e/clean_fork.hpp"

#include <signal.h>
#include <unistd.h>

namespace orderflow::e2e {
namespace {

void forget_handlers() {
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction action{};
        if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
        action = {};
        action.sa_handler = SIG_DFL;
        ::sigaction(number, &action, nullptr);
    }
}

}  // namespace

// What is sent to the child before it has forgotten them waits until then.
pid_t fork_clean() {
    sigset_t all{};
    sigset_t before{};
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t child = ::fork();
    if (child == 0) forget_handlers();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return child;
}

}  // namespace orderflow::e2e
