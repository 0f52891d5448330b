#include "queue-service/journal/queue_rows.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "libs/sqlite/errors.hpp"
#include "queue-service/journal/journal_rows.hpp"
#include "queue-service/journal/packed_texts.hpp"
#include "queue-service/journal/row_checksum.hpp"

namespace orderflow::queue {
namespace {

using std::chrono::seconds;
using Permission = RedriveAllowPolicy::Permission;

std::int64_t number(QueueNo queue) { return std::to_underlying(queue); }
std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

Result<void> done(const Result<std::int64_t>& ran) {
    if (!ran) return fail(ran.error());
    return {};
}

template <class T>
std::optional<std::int64_t> optional_number(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    return static_cast<std::int64_t>(*value);
}
std::optional<std::int64_t> optional_time(const std::optional<WallTime>& at) {
    if (!at) return std::nullopt;
    return to_unix_ms(*at);
}

void add_optional(RowChecksum& sum, const std::optional<std::int64_t>& value) {
    sum.add(std::int64_t{value ? 1 : 0});
    sum.add(value.value_or(0));
}

// What version 1 wrote, in its order.
RowChecksum version_1_checksum(const QueueRecord& record) {
    const auto& settings = record.settings;
    const auto redrive = settings.redrive.value_or(RedrivePolicy{});
    RowChecksum sum;
    sum.add(number(record.no)).add(std::string_view(record.name.name));
    sum.add(to_unix_ms(record.created_at)).add(to_unix_ms(record.modified_at));
    for (const auto time : {settings.visibility_timeout, settings.delay, settings.retention, settings.receive_wait}) {
        sum.add(std::int64_t{time.count()});
    }
    sum.add(number(settings.maximum_message_size));
    sum.add(std::string_view(redrive.dead_letter_queue)).add(std::int64_t{redrive.max_receive_count});
    return sum;
}

// Texts and numbers of the columns that version 2 added.
struct Added {
    std::optional<std::int64_t> permission;
    std::string sources;
    std::string tags;
};

Added added_of(const QueueRecord& record) {
    Added added;
    std::vector<std::string_view> texts;
    if (const auto& policy = record.settings.redrive_allow) {
        added.permission = std::to_underlying(policy->permission);
        for (const auto& source : policy->sources) {
            texts.insert(texts.end(), {source.scope.region, source.scope.account, source.name});
        }
        added.sources = pack_texts(texts);
        texts.clear();
    }
    for (const auto& [key, value] : record.tags) texts.insert(texts.end(), {key, value});
    added.tags = pack_texts(texts);
    return added;
}

std::int64_t version_2_checksum(const QueueRecord& record, const Added& added) {
    const auto& settings = record.settings;
    auto sum = version_1_checksum(record);
    sum.add(std::string_view(record.name.scope.region)).add(std::string_view(record.name.scope.account));
    sum.add(std::string_view(settings.policy));
    add_optional(sum, added.permission);
    sum.add(std::string_view(added.sources)).add(std::string_view(settings.kms_master_key_id));
    sum.add(std::int64_t{settings.kms_data_key_reuse.count()}).add(std::int64_t{settings.sqs_managed_sse ? 1 : 0});
    sum.add(std::string_view(added.tags));
    add_optional(sum, optional_time(record.purged_at));
    return sum.value();
}

// False for values that version 2 cannot have written.
bool read_redrive_allow(const sqlite::Cursor& row, QueueSettings& settings) {
    const auto permission = row.optional_integer(15);
    const auto texts = unpack_texts(sqlite::as_text(row.blob(16)));
    if (!texts || texts->size() % 3 != 0) return false;
    if (!permission) return texts->empty();
    if (*permission < 0 || *permission > std::to_underlying(Permission::by_queue)) return false;
    RedriveAllowPolicy policy{.permission = Permission{static_cast<std::uint8_t>(*permission)}};
    for (std::size_t i = 0; i < texts->size(); i += 3) {
        policy.sources.push_back(
            {.scope = {.region = std::string((*texts)[i]), .account = std::string((*texts)[i + 1])},
             .name = std::string((*texts)[i + 2])});
    }
    settings.redrive_allow = std::move(policy);
    return true;
}

bool read_tags(const sqlite::Cursor& row, Tags& tags) {
    const auto texts = unpack_texts(sqlite::as_text(row.blob(20)));
    if (!texts || texts->size() % 2 != 0) return false;
    for (std::size_t i = 0; i < texts->size(); i += 2) tags.emplace((*texts)[i], (*texts)[i + 1]);
    return true;
}

bool read_version_2(const sqlite::Cursor& row, QueueRecord& record) {
    record.name.scope = {.region = std::string(row.text(12)), .account = std::string(row.text(13))};
    auto& settings = record.settings;
    settings.policy = row.text(14);
    settings.kms_master_key_id = row.text(17);
    settings.kms_data_key_reuse = seconds(row.integer(18));
    settings.sqs_managed_sse = row.integer(19) != 0;
    if (const auto at = row.optional_integer(21)) record.purged_at = from_unix_ms(*at);
    return read_redrive_allow(row, settings) && read_tags(row, record.tags);
}

std::int64_t checksum_of(const RemovedName& removed) {
    return row_checksum(std::string_view(removed.name.scope.region), std::string_view(removed.name.scope.account),
                        std::string_view(removed.name.name), to_unix_ms(removed.at));
}

std::int64_t checksum_of(const MoveTask& task) {
    RowChecksum sum;
    sum.add(number(std::to_underlying(task.no))).add(sqlite::as_text(task.id.bytes)).add(number(task.source));
    add_optional(sum, task.order.destination ? std::optional(number(*task.order.destination)) : std::nullopt);
    sum.add(std::string_view(task.destination_name));
    add_optional(sum, optional_number(task.order.rate));
    sum.add(number(task.through)).add(number(task.to_move)).add(number(task.moved));
    sum.add(std::int64_t{std::to_underlying(task.status)}).add(std::string_view(task.failure_reason));
    return sum.add(to_unix_ms(task.started_at)).value();
}

}  // namespace

Result<void> put_record(sqlite::Statement& replace, const QueueRecord& record) {
    const auto& settings = record.settings;
    std::optional<std::string_view> dead_letter_queue;
    std::optional<std::int64_t> max_receive_count;
    if (settings.redrive) {
        dead_letter_queue = settings.redrive->dead_letter_queue;
        max_receive_count = settings.redrive->max_receive_count;
    }
    const auto added = added_of(record);
    return done(replace.run(number(record.no), std::string_view(record.name.name), to_unix_ms(record.created_at),
                            to_unix_ms(record.modified_at), settings.visibility_timeout.count(), settings.delay.count(),
                            settings.retention.count(), settings.receive_wait.count(),
                            number(settings.maximum_message_size), dead_letter_queue, max_receive_count,
                            version_2_checksum(record, added), std::string_view(record.name.scope.region),
                            std::string_view(record.name.scope.account), std::string_view(settings.policy),
                            added.permission, sqlite::as_blob(added.sources),
                            std::string_view(settings.kms_master_key_id), settings.kms_data_key_reuse.count(),
                            settings.sqs_managed_sse, sqlite::as_blob(added.tags), optional_time(record.purged_at)));
}

// The columns of select_queues.
Result<QueueRecord> record_from(const sqlite::Cursor& row) {
    QueueRecord record{.no = QueueNo{static_cast<std::uint32_t>(row.integer(0))},
                       .name = {.scope = default_scope(), .name = std::string(row.text(1))},
                       .settings = {.visibility_timeout = seconds(row.integer(4)),
                                    .delay = seconds(row.integer(5)),
                                    .retention = seconds(row.integer(6)),
                                    .receive_wait = seconds(row.integer(7)),
                                    .maximum_message_size = static_cast<std::size_t>(row.integer(8))},
                       .created_at = from_unix_ms(row.integer(2)),
                       .modified_at = from_unix_ms(row.integer(3))};
    if (!row.is_null(9)) {
        record.settings.redrive = RedrivePolicy{std::string(row.text(9)), static_cast<std::uint32_t>(row.integer(10))};
    }
    const bool of_version_1 = row.is_null(12);
    const bool readable = of_version_1 || read_version_2(row, record);
    const auto sum = of_version_1 ? version_1_checksum(record).value() : version_2_checksum(record, added_of(record));
    if (!readable || !is_intact(sum, row.integer(11))) {
        return fail(sqlite::corrupt("queues, no " + std::to_string(row.integer(0))));
    }
    return record;
}

Result<void> put_removed(sqlite::Statement& replace, const RemovedName& removed) {
    const auto& [scope, name] = removed.name;
    return done(replace.run(std::string_view(scope.region), std::string_view(scope.account), std::string_view(name),
                            to_unix_ms(removed.at), checksum_of(removed)));
}

Result<RemovedName> removed_from(const sqlite::Cursor& row) {
    RemovedName removed{.name = {.scope = {.region = std::string(row.text(0)), .account = std::string(row.text(1))},
                                 .name = std::string(row.text(2))},
                        .at = from_unix_ms(row.integer(3))};
    if (!is_intact(checksum_of(removed), row.integer(4))) return fail(sqlite::corrupt("removed_queues"));
    return removed;
}

Result<void> put_move_task(sqlite::Statement& replace, const MoveTask& task) {
    const auto& order = task.order;
    return done(replace.run(number(std::to_underlying(task.no)), sqlite::Blob(task.id.bytes), number(task.source),
                            order.destination ? std::optional(number(*order.destination)) : std::nullopt,
                            std::string_view(task.destination_name), optional_number(order.rate), number(task.through),
                            number(task.to_move), number(task.moved), std::to_underlying(task.status),
                            std::string_view(task.failure_reason), to_unix_ms(task.started_at), checksum_of(task)));
}

// no, id, source, destination, destination_name, rate, through, to_move, moved, status, failure_reason, started_at, crc
Result<MoveTask> move_task_from(const sqlite::Cursor& row) {
    MoveTask task{.no = MoveTaskNo{static_cast<std::uint64_t>(row.integer(0))},
                  .source = QueueNo{static_cast<std::uint32_t>(row.integer(2))},
                  .destination_name = std::string(row.text(4)),
                  .through = static_cast<std::uint64_t>(row.integer(6)),
                  .to_move = static_cast<std::uint64_t>(row.integer(7)),
                  .moved = static_cast<std::uint64_t>(row.integer(8)),
                  .status = MoveStatus{static_cast<std::uint8_t>(row.integer(9))},
                  .failure_reason = std::string(row.text(10)),
                  .started_at = from_unix_ms(row.integer(11))};
    const auto id = row.blob(1);
    std::memcpy(task.id.bytes.data(), id.data(), std::min(id.size(), task.id.bytes.size()));
    if (const auto to = row.optional_integer(3)) task.order.destination = QueueNo{static_cast<std::uint32_t>(*to)};
    if (const auto rate = row.optional_integer(5)) task.order.rate = static_cast<std::uint32_t>(*rate);
    const bool readable = row.integer(9) >= 0 && row.integer(9) <= std::to_underlying(MoveStatus::failed);
    if (!readable || !is_intact(checksum_of(task), row.integer(12))) {
        return fail(sqlite::corrupt("move_tasks, no " + std::to_string(row.integer(0))));
    }
    return task;
}

}  // namespace orderflow::queue
