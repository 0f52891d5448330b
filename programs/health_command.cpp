#include "programs/health_command.hpp"

#include <cstdio>
#include <string>

#include "libs/net/http_question.hpp"
#include "libs/observe/printable.hpp"
#include "programs/process.hpp"
#include "programs/settings.hpp"

namespace orderflow {
namespace {

// Less than the five seconds that a container engine is told to wait, so that the reason reaches its log.
constexpr auto answer_within = std::chrono::seconds(3);
constexpr std::size_t answer_bytes_max = 16 * 1024;
constexpr std::size_t shown_max = 300;
constexpr int healthy = 200;

}  // namespace

Result<net::ListenAddress> health_address(const net::ListenAddress& listen) {
    if (listen.port == 0) {
        return fail(ErrorKind::invalid_input, "health.no_port",
                    "with port 0 nobody else knows where the program listens: name a port");
    }
    if (listen.host == "0.0.0.0") return net::ListenAddress{"127.0.0.1", listen.port};
    if (listen.host == "::") return net::ListenAddress{"::1", listen.port};
    return listen;
}

Result<void> ask_health(const net::ListenAddress& address, const Clock& clock) {
    const auto url = "http://" + address.to_string() + "/healthz";
    const auto answer = net::ask(address, "GET /healthz HTTP/1.1\r\nHost: " + address.to_string() + "\r\n\r\n", clock,
                                 answer_within, answer_bytes_max);
    if (!answer) {
        const auto why = answer.error() == net::HttpFailure::late ? " does not answer" : " cannot be asked";
        return fail(ErrorKind::unavailable, "health.no_answer", url + why);
    }
    if (answer->status == healthy) return {};
    return fail(
        ErrorKind::unavailable, "health.bad",
        url + " answers " + std::to_string(answer->status) + ": " + observe::printable_line(answer->body, shown_max));
}

int run_health(std::string_view program, const Environment& environment, std::string_view setting,
               std::string_view fallback, const Clock& clock) {
    SettingsReader settings(environment);
    const auto listen = net::ListenAddress::parse(read_listen(settings, setting, fallback)).value();
    const auto address = health_address(listen);
    if (!address) settings.refuse(setting, address.error().detail());
    if (!settings.errors().empty()) return report_settings(program, settings.errors());
    if (const auto well = ask_health(*address, clock); !well) {
        std::fprintf(stderr, "%.*s: not healthy: %s\n", static_cast<int>(program.size()), program.data(),
                     well.error().detail().c_str());
        return exit_failed;
    }
    return 0;
}

}  // namespace orderflow
