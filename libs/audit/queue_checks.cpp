#include "libs/audit/checks.hpp"

namespace orderflow::audit {

void check_queues(const Evidence& evidence, Report& report) {
    for (const auto& queue : evidence.snapshot.queues) {
        const auto mismatch = [&](std::string what) {
            report.add(FindingKind::queue_mismatch, queue.name, std::move(what));
        };
        const auto there = queue.visible + queue.in_flight + queue.delayed;
        if (queue.counter != there) {
            mismatch("its counter says " + std::to_string(queue.counter) + ", there are " + std::to_string(there));
        }
        if (queue.flow) {
            const auto& flow = *queue.flow;
            const auto left = flow.removed + flow.dead_lettered + flow.expired;
            if (flow.sent != left + there) {
                mismatch(std::to_string(flow.sent) + " were sent, " + std::to_string(left) + " left it and " +
                         std::to_string(there) + " are there");
            }
        }
        if (evidence.options.quiescent && there != 0) {
            mismatch(std::to_string(there) + " messages are left although nothing happens any more");
        }
    }
}

}  // namespace orderflow::audit
