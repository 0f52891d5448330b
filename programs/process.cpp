#include "programs/process.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "libs/observe/printable.hpp"

namespace orderflow {
namespace {

void ignore(int number) {
    struct sigaction action{};
    action.sa_handler = SIG_IGN;
    ::sigaction(number, &action, nullptr);
}

int width(std::string_view text) { return static_cast<int>(text.size()); }

// What came from outside may hold what a terminal obeys.
std::string shown(std::string_view text) {
    constexpr std::size_t shown_max = 4096;
    return observe::printable_line(text, shown_max);
}

}  // namespace

Environment process_environment() {
    Environment environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

StopSignals::StopSignals(std::initializer_list<int> others) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    for (const int number : others) sigaddset(&signals_, number);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    // SIGUSR1 and SIGUSR2 mean something to the worker: whoever sends them to another program must not end it.
    for (const int number : {SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2}) {
        if (sigismember(&signals_, number) == 0) ignore(number);
    }
}

int StopSignals::wait() const {
    int caught = 0;
    sigwait(&signals_, &caught);
    return caught;
}

std::unexpected<Error> fail_about(const Error& error, const std::filesystem::path& file) {
    return fail(error.kind(), error.code(), file.string() + ": " + error.detail());
}

int report_settings(std::string_view program, const std::vector<std::string>& errors) {
    std::fprintf(stderr, "%.*s: the configuration is not right:\n", width(program), program.data());
    for (const auto& error : errors) std::fprintf(stderr, "  %s\n", shown(error).c_str());
    return exit_bad_usage;
}

int report_start(std::string_view program, const Error& error) {
    std::fprintf(stderr, "%.*s: cannot start: %s (%s)\n", width(program), program.data(), shown(error.detail()).c_str(),
                 error.code().c_str());
    return exit_failed;
}

int report_failure(std::string_view command, const Error& error) {
    std::fprintf(stderr, "%.*s: %s (%s)\n", width(command), command.data(), shown(error.detail()).c_str(),
                 error.code().c_str());
    return exit_failed;
}

void end_at_once(int code) noexcept {
    std::fflush(nullptr);
    ::_exit(code);
}

int run_program(std::string_view program, const std::function<int()>& body) {
    try {
        return body();
    } catch (const std::exception& thrown) {
        std::fprintf(stderr, "%.*s: ended by a bug or lack of memory: %s\n", width(program), program.data(),
                     thrown.what());
        return exit_failed;
    }
}

}  // namespace orderflow
