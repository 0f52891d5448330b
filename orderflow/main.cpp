// orderflow: API, queue, worker and store in one program. Without a command it starts, says where it listens, and runs
// until SIGTERM or SIGINT. The commands put load on it and prove that it kept its promise.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string_view>
#include <utility>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "orderflow/application.hpp"
#include "orderflow/audit/audit_command.hpp"
#include "orderflow/config.hpp"
#include "orderflow/fatal.hpp"
#include "orderflow/load/load_command.hpp"

namespace {

using namespace orderflow;

constexpr std::string_view version = ORDERFLOW_VERSION;

Environment process_environment() {
    Environment environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

// Blocked in every thread, so that they reach only the sigwait() below.
sigset_t block_stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a write past the file size limit becomes an error that is handled
    return signals;
}

int usage(std::FILE* out) {
    std::fprintf(out,
                 "orderflow %.*s: takes orders over HTTP, queues them durably, processes them, shows them.\n\n"
                 "usage: orderflow            serves until SIGTERM or Ctrl-C\n"
                 "       orderflow load ...   sends orders to a server; --help lists its options\n"
                 "       orderflow audit ...  proves that a stopped installation kept its promises; --help\n"
                 "       orderflow --help | --version\n\n%s",
                 static_cast<int>(version.size()), version.data(), settings_help().c_str());
    return out == stdout ? 0 : exit_bad_usage;
}

int serve() {
    const auto signals = block_stop_signals();
    const auto config = read_config(process_environment());
    if (!config) {
        std::fprintf(stderr, "orderflow: the configuration is not right:\n");
        for (const auto& error : config.error()) std::fprintf(stderr, "  %s\n", error.c_str());
        return exit_bad_usage;
    }
    auto application = Application::start(*config);
    if (!application) {
        std::fprintf(stderr, "orderflow: cannot start: %s (%s)\n", application.error().detail().c_str(),
                     application.error().code().c_str());
        return exit_failed;
    }
    if (const auto& token = (*application)->new_admin_token(); !token.empty()) {
        std::printf("orderflow: operator token, shown this once and kept in the data directory: %s\n", token.c_str());
    }
    std::printf("%s\n", (*application)->ready_line().c_str());
    std::fflush(stdout);

    int caught = 0;
    sigwait(&signals, &caught);
    std::printf("orderflow: %s, finishing within %lld s\n", caught == SIGINT ? "interrupted" : "asked to stop",
                static_cast<long long>(config->drain.count()));
    std::fflush(stdout);
    (*application)->stop();
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const auto words = std::span<const char* const>(arguments, static_cast<std::size_t>(count)).subspan(1);
    const std::string_view first = words.empty() ? "" : words.front();
    try {
        if (words.empty()) return serve();
        const SystemClock clock;
        crypto::SystemEntropy entropy;
        if (first == "load") return run_load(words.subspan(1), clock, entropy);
        if (first == "audit") return run_audit(words.subspan(1), process_environment(), clock);
        if (first == "--help" || first == "-h") return usage(stdout);
        if (first != "--version") return usage(stderr);
        std::printf("orderflow %.*s\n", static_cast<int>(version.size()), version.data());
        return 0;
    } catch (const std::exception& thrown) {
        std::fprintf(stderr, "orderflow: ended by a bug or lack of memory: %s\n", thrown.what());
        return exit_failed;
    }
}
