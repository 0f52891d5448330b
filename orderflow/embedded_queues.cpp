#include "orderflow/embedded_queues.hpp"

#include <utility>

#include "libs/orders/ports/queue_names.hpp"
#include "orderflow/wait_for.hpp"
#include "programs/fatal.hpp"

namespace orderflow {
namespace {

// Business attempts are counted in the store; this only guards against a message that ends the process each time.
constexpr std::uint32_t max_receive_count = 20;

// A queue that an older version made gets the settings of this one.
Result<queue::QueueNo> find_or_create(queue::DurableQueues& journal, std::string_view name,
                                      const queue::QueueSettings& settings) {
    const queue::QueueName full{queue::default_scope(), std::string(name)};
    const auto number = wait_for(journal.find(full));
    if (!number) return wait_for(journal.create_queue(full, settings));
    const auto record = wait_for(journal.record(*number));
    if (!record) return fail(record.error());
    if (record->settings == settings) return *number;
    if (auto changed = wait_for(journal.change_settings(*number, settings)); !changed) {
        return fail(std::move(changed).error());
    }
    return *number;
}

}  // namespace

queue::QueueSettings working_queue_settings() {
    queue::QueueSettings settings;
    settings.visibility_timeout = std::chrono::seconds(60);
    settings.retention = queue::limits::retention_endless;  // an acknowledged order goes nowhere but to the store
    settings.redrive = queue::RedrivePolicy{std::string(orders::letters_queue), max_receive_count};
    return settings;
}

queue::QueueSettings dead_letter_queue_settings() {
    queue::QueueSettings settings;
    settings.visibility_timeout = std::chrono::seconds(60);
    settings.retention = queue::limits::retention_endless;
    return settings;
}

Result<EmbeddedQueues> open_embedded_queues(const EmbeddedQueuesOptions& chosen, Executor& writer, const Clock& clock,
                                            Entropy& entropy, queue::JournalObserver* observer) {
    queue::DurableQueuesOptions options;
    options.journal.path = chosen.path;
    options.committer.observer = observer;
    options.committer.tell_every = chosen.tell_every;
    options.committer.engine.cooldowns = chosen.cooldowns;
    options.committer.on_fatal = [](const Error& error) { end_because_of_disk("the queue journal", error); };
    auto journal = queue::DurableQueues::open(std::move(options), writer, clock, entropy);
    if (!journal) return fail(std::move(journal).error());

    EmbeddedQueues queues;
    queues.journal = *std::move(journal);
    const auto open_queue = [&](std::string_view name, const queue::QueueSettings& settings,
                                std::unique_ptr<queue::EmbeddedMessageQueue>& out) -> Result<void> {
        const auto number = find_or_create(*queues.journal, name, settings);
        if (!number) return fail(number.error());
        out = std::make_unique<queue::EmbeddedMessageQueue>(*queues.journal, *number);
        return {};
    };
    // The dead-letter queue first: the others name it.
    for (auto opened : {open_queue(orders::letters_queue, dead_letter_queue_settings(), queues.dead_letters),
                        open_queue(orders::orders_queue, working_queue_settings(), queues.orders),
                        open_queue(orders::commands_queue, working_queue_settings(), queues.commands)}) {
        if (!opened) return fail(std::move(opened).error());
    }
    return queues;
}

}  // namespace orderflow
