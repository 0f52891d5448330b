// What each action does: perform(directory, call, request) for each request of the model. The errors are those that the
// Amazon SQS API Reference names for the action.
//
// `directory` outlives the returned task.
#pragma once

#include "libs/async/task.hpp"
#include "queue-service/protocol/model_queues.hpp"
#include "queue-service/protocol/queue_directory.hpp"

namespace orderflow::sqs {

template <class Request>
using Performed = task<Outcome<typename Request::Answer>>;

// message_actions.cpp
Performed<SendMessage> perform(QueueDirectory& directory, SqsCall call, SendMessage request);
Performed<SendMessageBatch> perform(QueueDirectory& directory, SqsCall call, SendMessageBatch request);
Performed<ReceiveMessage> perform(QueueDirectory& directory, SqsCall call, ReceiveMessage request);
Performed<DeleteMessage> perform(QueueDirectory& directory, SqsCall call, DeleteMessage request);
Performed<DeleteMessageBatch> perform(QueueDirectory& directory, SqsCall call, DeleteMessageBatch request);
Performed<ChangeMessageVisibility> perform(QueueDirectory& directory, SqsCall call, ChangeMessageVisibility request);
Performed<ChangeMessageVisibilityBatch> perform(QueueDirectory& directory, SqsCall call,
                                                ChangeMessageVisibilityBatch request);

// queue_actions.cpp
Performed<CreateQueue> perform(QueueDirectory& directory, SqsCall call, CreateQueue request);
Performed<GetQueueUrl> perform(QueueDirectory& directory, SqsCall call, GetQueueUrl request);
Performed<ListQueues> perform(QueueDirectory& directory, SqsCall call, ListQueues request);
Performed<ListDeadLetterSourceQueues> perform(QueueDirectory& directory, SqsCall call,
                                              ListDeadLetterSourceQueues request);
Performed<DeleteQueue> perform(QueueDirectory& directory, SqsCall call, DeleteQueue request);
Performed<PurgeQueue> perform(QueueDirectory& directory, SqsCall call, PurgeQueue request);
Performed<GetQueueAttributes> perform(QueueDirectory& directory, SqsCall call, GetQueueAttributes request);
Performed<SetQueueAttributes> perform(QueueDirectory& directory, SqsCall call, SetQueueAttributes request);
Performed<ListQueueTags> perform(QueueDirectory& directory, SqsCall call, ListQueueTags request);
Performed<TagQueue> perform(QueueDirectory& directory, SqsCall call, TagQueue request);
Performed<UntagQueue> perform(QueueDirectory& directory, SqsCall call, UntagQueue request);
Performed<AddPermission> perform(QueueDirectory& directory, SqsCall call, AddPermission request);
Performed<RemovePermission> perform(QueueDirectory& directory, SqsCall call, RemovePermission request);

// move_task_actions.cpp
Performed<StartMessageMoveTask> perform(QueueDirectory& directory, SqsCall call, StartMessageMoveTask request);
Performed<CancelMessageMoveTask> perform(QueueDirectory& directory, SqsCall call, CancelMessageMoveTask request);
Performed<ListMessageMoveTasks> perform(QueueDirectory& directory, SqsCall call, ListMessageMoveTasks request);

}  // namespace orderflow::sqs
