// Where the rows of a program go, by its role.
#pragma once

#include <atomic>
#include <cstdint>

#include "libs/instances/instance_store.hpp"
#include "libs/orders/ports/message_queue.hpp"
#include "programs/instance_reporter.hpp"
#include "programs/order_worker.hpp"

namespace orderflow {

// How many APIs share the rate limits, as far as is known; 1 until it is. Any thread.
class LiveApis {
  public:
    std::int64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }
    // Reads it; both outlive the call. Rows that cannot be read, and no worker that writes any, leave it as it is.
    task<void> look(instances::InstanceReader& reader, const Clock& clock);

  private:
    std::atomic<std::int64_t> count_ = 1;
};

// Of an api-service, which may not write the store: rows go to a worker over the queue of commands. More of them than
// this wait nowhere: then a row is not sent.
inline constexpr std::uint64_t commands_waiting_max = 1000;
// All outlive the reporter's stop().
InstanceReporter::Work reports_of_api(orders::MessageQueue& commands, instances::InstanceReader& reader, LiveApis& live,
                                      const Clock& clock);

// Of a program with a worker: it keeps them itself, and tidies up once a minute. `reader` and `live` as above; null in
// a program without an API. All outlive the reporter's stop().
InstanceReporter::Work reports_of_worker(OrderWorker& worker, instances::InstanceReader* reader, LiveApis* live,
                                         const Clock& clock);

}  // namespace orderflow
