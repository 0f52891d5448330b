#include <fmt/format.h>

#include <algorithm>

#include "libs/base/base64.hpp"
#include "queue-service/protocol/actions.hpp"
#include "queue-service/protocol/permission_policy.hpp"
#include "queue-service/protocol/queue_attributes.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {

namespace {

// AWS compares only the attributes that were given.
Outcome<void> same_settings(const queue::QueueSettings& there, const SettingsChanges& given) {
    for (const auto& [name, change] : given) {
        if (with_changes(there, {{name, change}}) == there) continue;
        return refuse(
            Fault::queue_name_exists,
            fmt::format("A queue already exists with the same name and a different value for attribute {}", name));
    }
    return {};
}

Outcome<void> check_queue_name(std::string_view name) {
    if (name.ends_with(".fifo")) {
        return refuse(Fault::unsupported_operation, "FIFO queues are not supported by this server yet.");
    }
    return {};
}

// A page of names: where it begins, and how many it may have.
struct Page {
    std::string after;
    std::size_t limit = limits::list_results_max;
    bool wants_token = false;  // AWS gives a NextToken only to those who set MaxResults
};

Outcome<Page> page_of(std::optional<std::int64_t> max_results, const std::string& next_token) {
    Page page;
    if (max_results) {
        if (*max_results < 1 || *max_results > static_cast<std::int64_t>(limits::list_results_max)) {
            return refuse(invalid_value(std::to_string(*max_results), "MaxResults",
                                        "MaxResults must be an integer between 1 and 1000."));
        }
        page.limit = static_cast<std::size_t>(*max_results);
        page.wants_token = true;
    }
    if (!next_token.empty()) {
        auto after = from_base64(next_token);
        if (!after) return refuse(invalid_value(next_token, "NextToken", "Invalid or expired next token."));
        page.after = *std::move(after);
    }
    return page;
}

// `names` holds one more than the page when there is a next one.
template <class Answer>
Answer page_answer(const SqsCall& call, const Page& page, std::vector<std::string> names) {
    Answer answer;
    if (names.size() > page.limit) {
        names.resize(page.limit);
        if (page.wants_token) answer.next_token = to_base64(names.back());
    }
    for (const auto& name : names) answer.queue_urls.push_back(queue_url(call, name));
    return answer;
}

std::unexpected<Error> policy_changed() { return fail(ErrorKind::conflict, "sqs.policy_changed"); }

// Unless somebody else changed the policy since it was read.
queue::SettingsUpdate replace_policy(std::string before, std::string after) {
    return [before = std::move(before), after = std::move(after)](queue::QueueSettings settings) {
        if (settings.policy != before) return Result<queue::QueueSettings>(policy_changed());
        settings.policy = after;
        return Result<queue::QueueSettings>(std::move(settings));
    };
}

}  // namespace

Performed<CreateQueue> perform(QueueDirectory& directory, SqsCall call, CreateQueue request) {
    if (auto valid = check_queue_name(request.queue_name); !valid) co_return refuse(std::move(valid).error());
    const auto changes = parse_attributes(request.attributes, call.scope);
    if (!changes) co_return refuse(changes.error());
    auto& queues = directory.queues();
    const queue::QueueName name{call.scope, request.queue_name};
    queue::Tags tags(request.tags.begin(), request.tags.end());
    const auto created = co_await queues.create_queue(name, with_changes({}, *changes), std::move(tags));
    if (!created && created.error().code() == "queue.exists") {
        const auto known = co_await queues.find(name);
        if (!known) co_return refuse(to_sqs_error(known.error()));
        const auto record = co_await queues.record(*known);
        if (!record) co_return refuse(to_sqs_error(record.error()));
        if (auto same = same_settings(record->settings, *changes); !same) co_return refuse(std::move(same).error());
    } else if (!created) {
        co_return refuse(to_sqs_error(created.error()));
    }
    co_return QueueUrlAnswer{.queue_url = queue_url(call, request.queue_name)};
}

Performed<GetQueueUrl> perform(QueueDirectory& directory, SqsCall call, GetQueueUrl request) {
    if (!request.owner_account.empty() && request.owner_account != call.scope.account)
        co_return refuse(no_such_queue());
    const auto queue = co_await directory.find({call.scope, request.queue_name});
    if (!queue) co_return refuse(queue.error());
    // What is remembered may be gone: this answer is about the queue's existence.
    const auto record = co_await directory.queues().record(*queue);
    if (!record) co_return refuse(directory.refused(*queue, record.error()));
    co_return QueueUrlAnswer{.queue_url = queue_url(call, request.queue_name)};
}

Performed<ListQueues> perform(QueueDirectory& directory, SqsCall call, ListQueues request) {
    const auto page = page_of(request.max_results, request.next_token);
    if (!page) co_return refuse(page.error());
    auto names = co_await directory.queues().list_queues(call.scope, request.prefix, page->after, page->limit + 1);
    if (!names) co_return refuse(to_sqs_error(names.error()));
    co_return page_answer<ListQueues::Answer>(call, *page, *std::move(names));
}

Performed<ListDeadLetterSourceQueues> perform(QueueDirectory& directory, SqsCall call,
                                              ListDeadLetterSourceQueues request) {
    const auto page = page_of(request.max_results, request.next_token);
    if (!page) co_return refuse(page.error());
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    auto names = co_await directory.queues().dead_letter_sources(*queue, page->after, page->limit + 1);
    if (!names) co_return refuse(directory.refused(*queue, names.error()));
    co_return page_answer<ListDeadLetterSourceQueues::Answer>(call, *page, *std::move(names));
}

Performed<DeleteQueue> perform(QueueDirectory& directory, SqsCall call, DeleteQueue request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    const auto removed = co_await directory.queues().remove_queue(*queue);
    directory.forget(*queue);
    if (!removed) co_return refuse(to_sqs_error(removed.error()));
    co_return NoAnswer();
}

Performed<PurgeQueue> perform(QueueDirectory& directory, SqsCall call, PurgeQueue request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    const auto purged = co_await directory.queues().purge(*queue);
    if (!purged) co_return refuse(directory.refused(*queue, purged.error()));
    co_return NoAnswer();
}

Performed<GetQueueAttributes> perform(QueueDirectory& directory, SqsCall call, GetQueueAttributes request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    const auto record = co_await directory.queues().record(*queue);
    if (!record) co_return refuse(directory.refused(*queue, record.error()));
    const auto counts = co_await directory.queues().counts(*queue);
    if (!counts) co_return refuse(directory.refused(*queue, counts.error()));
    auto attributes = attributes_of(*record, *counts, request.attribute_names);
    if (!attributes) co_return refuse(std::move(attributes).error());
    co_return GetQueueAttributesAnswer{.attributes = *std::move(attributes)};
}

Performed<SetQueueAttributes> perform(QueueDirectory& directory, SqsCall call, SetQueueAttributes request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    auto changes = parse_attributes(request.attributes, call.scope);
    if (!changes) co_return refuse(std::move(changes).error());
    queue::SettingsUpdate update = [held = *std::move(changes)](queue::QueueSettings settings) {
        return Result<queue::QueueSettings>(with_changes(std::move(settings), held));
    };
    const auto changed = co_await directory.queues().update_settings(*queue, std::move(update));
    if (!changed) co_return refuse(directory.refused(*queue, changed.error()));
    co_return NoAnswer();
}

Performed<ListQueueTags> perform(QueueDirectory& directory, SqsCall call, ListQueueTags request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    const auto tags = co_await directory.queues().tags(*queue);
    if (!tags) co_return refuse(directory.refused(*queue, tags.error()));
    co_return ListQueueTagsAnswer{.tags = TextMap(tags->begin(), tags->end())};
}

Performed<TagQueue> perform(QueueDirectory& directory, SqsCall call, TagQueue request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    queue::Tags tags(request.tags.begin(), request.tags.end());
    const auto tagged = co_await directory.queues().tag(*queue, std::move(tags));
    if (!tagged) co_return refuse(directory.refused(*queue, tagged.error()));
    co_return NoAnswer();
}

Performed<UntagQueue> perform(QueueDirectory& directory, SqsCall call, UntagQueue request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    const auto untagged = co_await directory.queues().untag(*queue, std::move(request.keys));
    if (!untagged) co_return refuse(directory.refused(*queue, untagged.error()));
    co_return NoAnswer();
}

Performed<AddPermission> perform(QueueDirectory& directory, SqsCall call, AddPermission request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    const auto record = co_await directory.queues().record(*queue);
    if (!record) co_return refuse(directory.refused(*queue, record.error()));
    auto policy = with_permission(record->settings.policy, queue::to_arn(record->name), request);
    if (!policy) co_return refuse(std::move(policy).error());
    auto update = replace_policy(record->settings.policy, *std::move(policy));
    const auto changed = co_await directory.queues().update_settings(*queue, std::move(update));
    if (!changed) co_return refuse(directory.refused(*queue, changed.error()));
    co_return NoAnswer();
}

Performed<RemovePermission> perform(QueueDirectory& directory, SqsCall call, RemovePermission request) {
    const auto queue = co_await directory.find(call, request.queue_url);
    if (!queue) co_return refuse(queue.error());
    const auto record = co_await directory.queues().record(*queue);
    if (!record) co_return refuse(directory.refused(*queue, record.error()));
    auto policy = without_permission(record->settings.policy, request.label);
    if (!policy) co_return refuse(std::move(policy).error());
    auto update = replace_policy(record->settings.policy, *std::move(policy));
    const auto changed = co_await directory.queues().update_settings(*queue, std::move(update));
    if (!changed) co_return refuse(directory.refused(*queue, changed.error()));
    co_return NoAnswer();
}

}  // namespace orderflow::sqs
