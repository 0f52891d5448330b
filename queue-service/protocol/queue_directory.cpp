#include "queue-service/protocol/queue_directory.hpp"

#include <optional>
#include <utility>

namespace orderflow::sqs {

task<Outcome<queue::QueueNo>> QueueDirectory::find(SqsCall call, std::string url) {
    auto name = parse_queue_url(call, url);
    if (!name) co_return refuse(std::move(name).error());
    co_return co_await find(*std::move(name));
}

task<Outcome<queue::QueueNo>> QueueDirectory::find(queue::QueueName name) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto place = known_.find(name); place != known_.end()) co_return place->second;
    }
    const auto found = co_await queues_.find(name);
    if (!found) co_return refuse(to_sqs_error(found.error()));
    const std::lock_guard lock(mutex_);
    known_.insert_or_assign(std::move(name), *found);
    co_return *found;
}

SqsError QueueDirectory::refused(queue::QueueNo queue, const Error& error) {
    if (error.code() == "queue.unknown") forget(queue);
    return to_sqs_error(error);
}

void QueueDirectory::forget(queue::QueueNo queue) {
    const std::lock_guard lock(mutex_);
    std::erase_if(known_, [queue](const auto& entry) { return entry.second == queue; });
}

}  // namespace orderflow::sqs
