// MotoServer: somebody else's implementation of AWS's services (moto_server, Python) in a process of its own. It is in
// no package that ./dev setup installs: tests that want it say so and are skipped where the machine has none.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "libs/async/sleep.hpp"
#include "tests/integration/http_pool_rig.hpp"

namespace orderflow::aws {

// Ends with the test, however that ends.
class MotoServer {
  public:
    explicit MotoServer(const std::string& log) : pid_(::fork()) {
        if (pid_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        ::dup2(file, STDOUT_FILENO);
        ::dup2(file, STDERR_FILENO);
        ::execlp("moto_server", "moto_server", "-H", "127.0.0.1", "-p", "0", nullptr);
        ::_exit(127);
    }
    MotoServer(const MotoServer&) = delete;
    MotoServer& operator=(const MotoServer&) = delete;
    ~MotoServer() {
        if (!ended()) ::kill(pid_, SIGKILL);
        if (!ended_) ::waitpid(pid_, nullptr, 0);
    }
    bool ended() {
        ended_ = ended_ || ::waitpid(pid_, nullptr, WNOHANG) == pid_;
        return ended_;
    }

  private:
    pid_t pid_;
    bool ended_ = false;
};

// "http://127.0.0.1:PORT" as the server says it; empty when it ends before that.
inline task<std::string> url_when_ready(net::LoopRig& rig, MotoServer& server, std::string log) {
    constexpr std::string_view before = "Running on ";
    for (int i = 0; i < 600; ++i) {
        std::stringstream text;
        text << std::ifstream(log).rdbuf();
        const auto all = text.str();
        const auto at = all.find(before);
        const auto end = all.find('\n', at == std::string::npos ? 0 : at);
        if (at != std::string::npos && end != std::string::npos) {
            co_return all.substr(at + before.size(), end - at - before.size());
        }
        if (server.ended()) break;
        co_await sleep_until(rig.timers(), rig.in(50ms));
    }
    co_return std::string();
}

inline bool is_installed(const std::string& program) {
    std::string_view path = ::getenv("PATH");
    while (!path.empty()) {
        const auto end = std::min(path.find(':'), path.size());
        if (::access((std::string(path.substr(0, end)) + "/" + program).c_str(), X_OK) == 0) return true;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return false;
}

}  // namespace orderflow::aws
