#include "chaos/rig/syscall_fault.hpp"

#include <signal.h>

#include <charconv>
#include <stdexcept>

#include "chaos/rig/interrupt.hpp"

namespace orderflow::chaos {
namespace {

// No --seccomp-bpf: with it strace 6.1 sends no signal from the second call on.
Arguments injection(const SyscallFault& fault) {
    return {"-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=" + fault.call,
            "-e",
            "inject=" + fault.call + ":" + fault.effect + ":when=" + std::to_string(fault.nth) +
                (fault.from_then_on ? "+" : "")};
}

// Also one that has ended: the fault may have hit before anybody could look.
bool is_traced_or_over(pid_t thread) {
    const auto status = read_file("/proc/" + std::to_string(thread) + "/status");
    return status.find("TracerPid:\t0\n") == std::string::npos || status.find("State:\tZ") != std::string::npos;
}

Arguments attach_command(pid_t thread, const SyscallFault& fault, bool whole_process) {
    Arguments command{"strace"};
    for (auto& word : injection(fault)) command.push_back(std::move(word));
    if (whole_process) command.emplace_back("-f");
    command.emplace_back("-p");
    command.push_back(std::to_string(thread));
    return command;
}

}  // namespace

Arguments traced_from_the_start(const SyscallFault& fault) {
    Arguments command{"strace", "-D", "-f"};
    for (auto& word : injection(fault)) command.push_back(std::move(word));
    return command;
}

AttachedFault::AttachedFault(pid_t thread, const SyscallFault& fault, bool whole_process,
                             const std::filesystem::path& log)
    : tracer_(attach_command(thread, fault, whole_process), log) {
    while (!is_traced_or_over(thread)) {
        if (!tracer_.running()) throw std::runtime_error("strace cannot attach: " + read_file(log));
        pause(2ms);
    }
}

AttachedFault::~AttachedFault() {
    tracer_.signal(SIGTERM);  // strace lets go of the process, which a SIGKILL would leave stopped for a moment
    try {
        tracer_.status_within(5s);
    } catch (const std::exception&) {  // interrupted: ~Child ends it
        return;
    }
}

std::optional<pid_t> thread_named(pid_t process, const std::string& name) {
    const auto tasks = std::filesystem::path("/proc") / std::to_string(process) / "task";
    std::error_code gone;
    for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
        if (read_file(task.path() / "comm") != name + "\n") continue;
        pid_t thread = 0;
        const auto number = task.path().filename().string();
        std::from_chars(number.data(), number.data() + number.size(), thread);
        return thread;
    }
    return std::nullopt;
}

}  // namespace orderflow::chaos
