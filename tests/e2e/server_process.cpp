#include "tests/e2e/server_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "tests/e2e/clean_fork.hpp"

extern char** environ;

namespace orderflow::e2e {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

int milliseconds_until(TimePoint until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

// The test's own environment without the product's settings, which a developer may have set.
std::vector<std::string> environment_with(const ServerProcess::Settings& settings) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (text.starts_with("ORDERFLOW_") || text.starts_with("DATABASE_URL=")) continue;
        result.emplace_back(text);
    }
    for (const auto* port : {"ORDERFLOW_LISTEN", "ORDERFLOW_SQS_LISTEN", "ORDERFLOW_WORKER_LISTEN"}) {
        if (!settings.contains(port)) result.push_back(std::string(port) + "=127.0.0.1:0");
    }
    for (const auto& [name, value] : settings) result.push_back(name + "=" + value);
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

}  // namespace

std::filesystem::path program_under_test() {
    const char* given = std::getenv("ORDERFLOW_BIN");
    std::filesystem::path path = given != nullptr ? given : "build/release/bin/orderflow";
    if (!std::filesystem::exists(path)) {
        throw std::runtime_error("There is no program at " + path.string() + ". Build it first: ./dev build");
    }
    return std::filesystem::absolute(path);
}

ServerProcess::ServerProcess(Settings settings, std::vector<std::string> prefix, std::vector<std::string> arguments,
                             const std::string& program) {
    int out[2];
    if (::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    stderr_fd_ = ::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (stderr_fd_ < 0) throw std::runtime_error("cannot make a temporary file in /tmp");

    auto words = std::move(prefix);
    words.push_back((program_under_test().parent_path() / program).string());
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto settings_words = environment_with(settings);
    auto argv = pointers(words);
    auto envp = pointers(settings_words);
    pid_ = fork_clean();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) {
        ::setpgid(0, 0);                     // Ctrl-C is for the test, which then stops its programs
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing is left running when the test itself is killed
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(stderr_fd_, STDERR_FILENO);
        ::execvpe(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    ::close(out[1]);
    stdout_fd_ = out[0];
}

ServerProcess::~ServerProcess() {
    kill();
    ::close(stdout_fd_);
    ::close(stderr_fd_);
}

bool ServerProcess::read_some(TimePoint until) {
    pollfd readable{.fd = stdout_fd_, .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, milliseconds_until(until)) <= 0) return true;
    char buffer[4096];
    const auto n = ::read(stdout_fd_, buffer, sizeof(buffer));
    if (n <= 0) return false;
    stdout_.append(buffer, static_cast<std::size_t>(n));
    return true;
}

std::uint16_t ServerProcess::wait_until_ready(std::chrono::seconds at_most) {
    constexpr std::string_view address = "http://127.0.0.1:";
    const auto until = std::chrono::steady_clock::now() + at_most;
    for (;;) {
        const auto at = stdout_.find(address);
        if (at != std::string::npos && stdout_.find('\n', at) != std::string::npos) {
            std::uint16_t port = 0;
            const char* digits = stdout_.data() + at + address.size();
            std::from_chars(digits, stdout_.data() + stdout_.size(), port);
            return port;
        }
        const bool open = read_some(until);
        if (!open || std::chrono::steady_clock::now() >= until) {
            throw std::runtime_error(std::string(open ? "not ready in time" : "it ended before it was ready") +
                                     "\nstdout: " + stdout_ + "\nstderr: " + stderr_text());
        }
    }
}

void ServerProcess::signal(int number) {
    if (!status_) ::kill(pid_, number);
}

void ServerProcess::kill() {
    signal(SIGKILL);
    reap(true);
}

bool ServerProcess::ended() { return reap(false).has_value(); }

void ServerProcess::terminate() { signal(SIGTERM); }

std::optional<int> ServerProcess::reap(bool block) {
    if (status_) return status_;
    int status = 0;
    if (::waitpid(pid_, &status, block ? 0 : WNOHANG) == pid_) {
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    return status_;
}

int ServerProcess::wait(std::chrono::seconds at_most) {
    const auto until = std::chrono::steady_clock::now() + at_most;
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));  // readable when the process has ended
    pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
    while (!reap(false) && std::chrono::steady_clock::now() < until) ::poll(&ended, 1, milliseconds_until(until));
    if (handle >= 0) ::close(handle);
    if (!status_) throw std::runtime_error("it still runs\nstderr: " + stderr_text());
    while (read_some(std::chrono::steady_clock::now() + std::chrono::seconds(1))) {
    }
    return *status_;
}

std::string ServerProcess::stderr_text() const {
    std::string text;
    char buffer[4096];
    off_t at = 0;
    for (ssize_t n = 0; (n = ::pread(stderr_fd_, buffer, sizeof(buffer), at)) > 0; at += n) {
        text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
}

}  // namespace orderflow::e2e
