// orderflow: API, queue, worker and store in one program. Without a command it starts, says where it listens, and runs
// until SIGTERM or SIGINT. The commands put load on it and prove that it kept its promise.
#include <cstdio>
#include <span>
#include <string_view>

#include "libs/base/system_clock.hpp"
#include "libs/crypto/system_entropy.hpp"
#include "orderflow/application.hpp"
#include "orderflow/audit/audit_command.hpp"
#include "orderflow/config.hpp"
#include "orderflow/load/load_command.hpp"
#include "programs/process.hpp"

namespace {

using namespace orderflow;

constexpr std::string_view version = ORDERFLOW_VERSION;

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
    const StopSignals signals;
    const auto config = read_config(process_environment());
    if (!config) return report_settings("orderflow", config.error());
    auto application = Application::start(*config);
    if (!application) return report_start("orderflow", application.error());
    if (const auto& token = (*application)->new_admin_token(); !token.empty()) {
        std::printf("orderflow: operator token, shown this once and kept in the data directory: %s\n", token.c_str());
    }
    std::printf("%s\n", (*application)->ready_line().c_str());
    std::fflush(stdout);

    const int caught = signals.wait();
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
    return run_program("orderflow", [words, first] {
        if (words.empty()) return serve();
        const SystemClock clock;
        crypto::SystemEntropy entropy;
        if (first == "load") return run_load(words.subspan(1), clock, entropy);
        if (first == "audit") return run_audit(words.subspan(1), process_environment(), clock);
        if (first == "--help" || first == "-h") return usage(stdout);
        if (first != "--version") return usage(stderr);
        std::printf("orderflow %.*s\n", static_cast<int>(version.size()), version.data());
        return 0;
    });
}
