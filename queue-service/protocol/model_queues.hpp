// Requests and answers of the actions on queues and on message move tasks; see model_messages.hpp.
#pragma once

#include "queue-service/protocol/model_messages.hpp"

namespace orderflow::sqs {

inline constexpr WireName attributes_name("Attributes", "Attribute");
inline constexpr WireName tags_name("Tags", "Tag", "Key");

struct QueueUrlAnswer {
    using IsDescribed = void;

    std::string queue_url;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("QueueUrl", self.queue_url);
    }
};

// One page of queue URLs; `Names` says what the list is called.
template <class Names>
struct QueueUrlsAnswer {
    using IsDescribed = void;

    std::vector<std::string> queue_urls;
    std::optional<std::string> next_token;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field(Names::queue_urls, self.queue_urls);
        wire.field("NextToken", self.next_token);
    }
};

// A request that names a queue and nothing else.
template <class Names>
struct QueueRequest {
    using IsDescribed = void;
    using Answer = typename Names::Answer;
    static constexpr std::string_view action = Names::action;

    std::string queue_url;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
    }
};

struct CreateQueue {
    using IsDescribed = void;
    using Answer = QueueUrlAnswer;
    static constexpr std::string_view action = "CreateQueue";

    std::string queue_name;
    TextMap attributes;
    TextMap tags;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("QueueName", self.queue_name);
        wire.optional(attributes_name, self.attributes);
        wire.optional(WireName("tags", "Tag", "Key"), self.tags);
    }
};

struct GetQueueUrl {
    using IsDescribed = void;
    using Answer = QueueUrlAnswer;
    static constexpr std::string_view action = "GetQueueUrl";

    std::string queue_name;
    std::string owner_account;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("QueueName", self.queue_name);
        wire.optional("QueueOwnerAWSAccountId", self.owner_account);
    }
};

struct ListQueuesNames {
    static constexpr WireName queue_urls{"QueueUrls", "QueueUrl"};
};

struct ListQueues {
    using IsDescribed = void;
    using Answer = QueueUrlsAnswer<ListQueuesNames>;
    static constexpr std::string_view action = "ListQueues";

    std::string prefix;
    std::string next_token;
    std::optional<std::int64_t> max_results;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.optional("QueueNamePrefix", self.prefix);
        wire.optional("NextToken", self.next_token);
        wire.optional("MaxResults", self.max_results);
    }
};

struct SourceQueuesNames {
    static constexpr WireName queue_urls{"queueUrls", "QueueUrl"};
};

struct ListDeadLetterSourceQueues {
    using IsDescribed = void;
    using Answer = QueueUrlsAnswer<SourceQueuesNames>;
    static constexpr std::string_view action = "ListDeadLetterSourceQueues";

    std::string queue_url;
    std::string next_token;
    std::optional<std::int64_t> max_results;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.optional("NextToken", self.next_token);
        wire.optional("MaxResults", self.max_results);
    }
};

struct DeleteQueueNames {
    using Answer = NoAnswer;
    static constexpr std::string_view action = "DeleteQueue";
};
using DeleteQueue = QueueRequest<DeleteQueueNames>;

struct PurgeQueueNames {
    using Answer = NoAnswer;
    static constexpr std::string_view action = "PurgeQueue";
};
using PurgeQueue = QueueRequest<PurgeQueueNames>;

struct GetQueueAttributesAnswer {
    using IsDescribed = void;

    TextMap attributes;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field(attributes_name, self.attributes);
    }
};

struct GetQueueAttributes {
    using IsDescribed = void;
    using Answer = GetQueueAttributesAnswer;
    static constexpr std::string_view action = "GetQueueAttributes";

    std::string queue_url;
    std::vector<std::string> attribute_names;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.optional(WireName("AttributeNames", "AttributeName"), self.attribute_names);
    }
};

struct SetQueueAttributes {
    using IsDescribed = void;
    using Answer = NoAnswer;
    static constexpr std::string_view action = "SetQueueAttributes";

    std::string queue_url;
    TextMap attributes;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.required(attributes_name, self.attributes);
    }
};

struct ListQueueTagsAnswer {
    using IsDescribed = void;

    TextMap tags;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field(tags_name, self.tags);
    }
};

struct ListQueueTagsNames {
    using Answer = ListQueueTagsAnswer;
    static constexpr std::string_view action = "ListQueueTags";
};
using ListQueueTags = QueueRequest<ListQueueTagsNames>;

struct TagQueue {
    using IsDescribed = void;
    using Answer = NoAnswer;
    static constexpr std::string_view action = "TagQueue";

    std::string queue_url;
    TextMap tags;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.required(tags_name, self.tags);
    }
};

struct UntagQueue {
    using IsDescribed = void;
    using Answer = NoAnswer;
    static constexpr std::string_view action = "UntagQueue";

    std::string queue_url;
    std::vector<std::string> keys;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.required(WireName("TagKeys", "TagKey"), self.keys);
    }
};

struct AddPermission {
    using IsDescribed = void;
    using Answer = NoAnswer;
    static constexpr std::string_view action = "AddPermission";

    std::string queue_url;
    std::string label;
    std::vector<std::string> accounts;
    std::vector<std::string> actions;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.required("Label", self.label);
        wire.required(WireName("AWSAccountIds", "AWSAccountId"), self.accounts);
        wire.required(WireName("Actions", "ActionName"), self.actions);
    }
};

struct RemovePermission {
    using IsDescribed = void;
    using Answer = NoAnswer;
    static constexpr std::string_view action = "RemovePermission";

    std::string queue_url;
    std::string label;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.queue_url(self.queue_url);
        wire.required("Label", self.label);
    }
};

struct StartMessageMoveTaskAnswer {
    using IsDescribed = void;

    std::string task_handle;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("TaskHandle", self.task_handle);
    }
};

struct StartMessageMoveTask {
    using IsDescribed = void;
    using Answer = StartMessageMoveTaskAnswer;
    static constexpr std::string_view action = "StartMessageMoveTask";

    std::string source_arn;
    std::string destination_arn;
    std::optional<std::int64_t> rate;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("SourceArn", self.source_arn);
        wire.optional("DestinationArn", self.destination_arn);
        wire.optional("MaxNumberOfMessagesPerSecond", self.rate);
    }
};

struct CancelMessageMoveTaskAnswer {
    using IsDescribed = void;

    std::int64_t moved = 0;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("ApproximateNumberOfMessagesMoved", self.moved);
    }
};

struct CancelMessageMoveTask {
    using IsDescribed = void;
    using Answer = CancelMessageMoveTaskAnswer;
    static constexpr std::string_view action = "CancelMessageMoveTask";

    std::string task_handle;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("TaskHandle", self.task_handle);
    }
};

struct MoveTaskEntry {
    using IsDescribed = void;

    std::optional<std::string> task_handle;  // of running tasks only
    std::string status;
    std::string source_arn;
    std::optional<std::string> destination_arn;
    std::optional<std::int64_t> rate;
    std::int64_t moved = 0;
    std::optional<std::int64_t> to_move;
    std::optional<std::string> failure_reason;
    std::int64_t started_ms = 0;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field("TaskHandle", self.task_handle);
        wire.field("Status", self.status);
        wire.field("SourceArn", self.source_arn);
        wire.field("DestinationArn", self.destination_arn);
        wire.field("MaxNumberOfMessagesPerSecond", self.rate);
        wire.field("ApproximateNumberOfMessagesMoved", self.moved);
        wire.field("ApproximateNumberOfMessagesToMove", self.to_move);
        wire.field("FailureReason", self.failure_reason);
        wire.field("StartedTimestamp", self.started_ms);
    }
};

struct ListMessageMoveTasksAnswer {
    using IsDescribed = void;

    std::vector<MoveTaskEntry> results;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.field(WireName("Results", "ListMessageMoveTasksResultEntry"), self.results);
    }
};

struct ListMessageMoveTasks {
    using IsDescribed = void;
    using Answer = ListMessageMoveTasksAnswer;
    static constexpr std::string_view action = "ListMessageMoveTasks";

    std::string source_arn;
    std::optional<std::int64_t> max_results;

    template <class Self, class Wire>
    static void describe(Self& self, Wire& wire) {
        wire.required("SourceArn", self.source_arn);
        wire.optional("MaxResults", self.max_results);
    }
};

}  // namespace orderflow::sqs
