#include "programs/instance_reports.hpp"

#include <utility>

#include "libs/contract/instance_message.hpp"
#include "libs/instances/liveness.hpp"

namespace orderflow {
namespace {

constexpr std::uint64_t tidied_every = 6;  // reports: a minute

// `commands` outlives it.
task<Result<void>> send_row(orders::MessageQueue& commands, instances::InstanceRow row) {
    const auto counts = co_await commands.counts();
    if (!counts) co_return fail(counts.error());
    if (counts->visible > commands_waiting_max) {
        co_return fail(ErrorKind::unavailable, "instance.commands_wait", "Too many commands wait already.");
    }
    std::vector<orders::OutgoingMessage> messages;
    messages.emplace_back(contract::encode_instance_message(row));
    const auto sent = co_await commands.send(std::move(messages));
    if (!sent) co_return fail(sent.error());
    if (sent->empty() || !sent->front()) co_return fail(ErrorKind::unavailable, "instance.not_sent");
    co_return Result<void>();
}

// All outlive it.
task<void> look_and_tidy(OrderWorker& worker, instances::InstanceReader* reader, LiveApis* live, const Clock& clock,
                         bool tidy) {
    if (live != nullptr && reader != nullptr) co_await live->look(*reader, clock);
    if (tidy) (void)co_await worker.instances().tidy(clock.wall());
}

}  // namespace

task<void> LiveApis::look(instances::InstanceReader& reader, const Clock& clock) {
    const auto now = clock.wall();
    const auto newest = co_await reader.newest_rows(now - 2 * instances::gone_after);
    if (!newest) co_return;
    if (const auto apis = live_apis(*newest, now)) count_.store(*apis, std::memory_order_relaxed);
}

InstanceReporter::Work reports_of_api(orders::MessageQueue& commands, instances::InstanceReader& reader, LiveApis& live,
                                      const Clock& clock) {
    return {.deliver = [&commands](instances::InstanceRow row) { return send_row(commands, std::move(row)); },
            .then = [&live, &reader, &clock] { return live.look(reader, clock); }};
}

InstanceReporter::Work reports_of_worker(OrderWorker& worker, instances::InstanceReader* reader, LiveApis* live,
                                         const Clock& clock) {
    return {.complete = [&worker](instances::InstanceRow row) { return worker.complete(std::move(row)); },
            .deliver = [&worker](instances::InstanceRow row) { return worker.instances().keep(std::move(row)); },
            .then =
                [&worker, reader, live, &clock, reports = std::uint64_t{0}]() mutable {
                    return look_and_tidy(worker, reader, live, clock, ++reports % tidied_every == 0);
                }};
}

}  // namespace orderflow
