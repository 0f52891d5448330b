#include "chaos/rig/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "chaos/rig/interrupt.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/clean_fork.hpp"

namespace orderflow::chaos {
namespace {

std::string joined(const Arguments& arguments) {
    std::string text;
    for (const auto& argument : arguments) text += (text.empty() ? "" : " ") + argument;
    return text;
}

[[noreturn]] void become(const Arguments& arguments, int output) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    std::vector<char*> words;
    for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

}  // namespace

Child::Child(const Arguments& arguments, const std::filesystem::path& output) {
    const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (out < 0) throw std::runtime_error("cannot write " + output.string());
    pid_ = e2e::fork_clean();
    if (pid_ == 0) become(arguments, out);
    ::close(out);
    if (pid_ < 0) throw std::runtime_error("cannot start " + joined(arguments));
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), status_(other.status_) {}

Child::~Child() {
    if (pid_ <= 0 || status_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Child::signal(int number) {
    if (!status_) ::kill(pid_, number);
}

std::optional<int> Child::status_within(BootClock::duration time) {
    const SystemClock clock;
    const auto until = clock.now() + time;
    for (;;) {
        int status = 0;
        if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
            status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        }
        if (status_ || clock.now() >= until) return status_;
        const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));  // readable when it has ended
        const auto left = std::min<BootClock::duration>(until - clock.now(), 100ms);
        pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
        ::poll(&ended, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
        if (handle >= 0) ::close(handle);
        check_stop();
    }
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

Ran run(const Arguments& arguments, BootClock::duration at_most) {
    const TempDir directory;
    const auto output = directory.path() / "output";
    Child child(arguments, output);
    const auto code = child.status_within(at_most);
    if (!code) throw std::runtime_error("'" + joined(arguments) + "' does not end: " + read_file(output));
    return {*code, read_file(output)};
}

void must_run(const Arguments& arguments) {
    const auto ran = run(arguments);
    if (ran.code == 0) return;
    throw std::runtime_error("'" + joined(arguments) + "' ended with " + std::to_string(ran.code) + ": " + ran.output);
}

}  // namespace orderflow::chaos
