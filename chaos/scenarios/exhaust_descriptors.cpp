#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <vector>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/process_facts.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr int waiting_clients = 64;
constexpr unsigned cpu_percent_max = 20;
constexpr auto time_to_recover = 5s;

// Clients that connect and wait; the kernel takes them into the queue of the listening socket.
class WaitingClients {
  public:
    explicit WaitingClients(std::uint16_t port) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        for (int i = 0; i < waiting_clients; ++i) {
            sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            ::connect(sockets_.back(), reinterpret_cast<const sockaddr*>(&to), sizeof(to));
        }
    }
    WaitingClients(const WaitingClients&) = delete;
    WaitingClients& operator=(const WaitingClients&) = delete;
    ~WaitingClients() {
        for (const int socket : sockets_) ::close(socket);
    }

  private:
    std::vector<int> sockets_;
};

rlimit limit_descriptors(pid_t process, rlim_t soft) {
    rlimit before{};
    ::prlimit(process, RLIMIT_NOFILE, nullptr, &before);
    const rlimit now{.rlim_cur = soft, .rlim_max = before.rlim_max};
    if (::prlimit(process, RLIMIT_NOFILE, &now, nullptr) != 0) throw std::runtime_error("prlimit");
    return before;
}

}  // namespace

void exhaust_descriptors(Run& run) {
    Trial trial(run, run.workspace().directory("descriptors") / "data");
    trial.start();
    while (run.tally().faults < run.rounds()) {
        trial.load();
        pause(1s);
        trial.end_load();
        const auto pid = trial.server().pid();
        const auto before = limit_descriptors(pid, open_descriptors(pid));
        unsigned busy = 0;
        {
            const WaitingClients clients(trial.port());
            const auto from = cpu_time(pid);
            pause(3s);
            busy = static_cast<unsigned>((cpu_time(pid) - from) * 100 / 3s);
        }
        run.expect(busy <= cpu_percent_max, fmt::format("without descriptors it used {} % of a core", busy));
        run.expect(!trial.server_ended(), "the lack of descriptors ended the process");
        limit_descriptors(pid, before.rlim_cur);
        trial.recovering();
        const auto freed = run.clock().now();
        bool answered = false;
        while (!answered && run.clock().now() < freed + time_to_recover) {
            const auto answer = trial.shop().try_request("GET", "/healthz");
            answered = answer && answer->status == 200;
        }
        run.expect(answered,
                   fmt::format("it does not answer {} after it had descriptors again", in_ms(time_to_recover)));
        run.fault(fmt::format("no descriptors for {} clients: {} % of a core; with descriptors it answered after {}",
                              waiting_clients, busy, in_ms(run.clock().now() - freed)));
        trial.load();
        pause(300ms);
        trial.end_load();
        trial.restart();
    }
    trial.finish();
}

}  // namespace orderflow::chaos
