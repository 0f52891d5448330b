// How queues, removed names and move tasks lie in the rows of the journal: the parts that are written rarely. x_from()
// reads the current row of a cursor and verifies its checksum: internal "disk.corrupt" with table and key.
#pragma once

#include <string_view>

#include "libs/base/result.hpp"
#include "libs/sqlite/statement.hpp"
#include "queue-service/engine/change.hpp"

namespace orderflow::queue {

inline constexpr std::string_view select_queues =
    "SELECT no, name, created_at, modified_at, visibility_timeout_s, delay_s, retention_s, receive_wait_s, "
    "maximum_message_size, dead_letter_queue, max_receive_count, crc, region, account, policy, redrive_permission, "
    "redrive_sources, kms_master_key_id, kms_data_key_reuse_s, sqs_managed_sse, tags, purged_at "
    "FROM queues ORDER BY no";
inline constexpr std::string_view replace_queue =
    "REPLACE INTO queues (no, name, created_at, modified_at, visibility_timeout_s, delay_s, retention_s, "
    "receive_wait_s, maximum_message_size, dead_letter_queue, max_receive_count, crc, region, account, policy, "
    "redrive_permission, redrive_sources, kms_master_key_id, kms_data_key_reuse_s, sqs_managed_sse, tags, purged_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";
Result<void> put_record(sqlite::Statement& replace, const QueueRecord& record);
Result<QueueRecord> record_from(const sqlite::Cursor& row);

struct RemovedName {
    QueueName name;
    WallTime at{};
};
inline constexpr std::string_view select_removed =
    "SELECT region, account, name, removed_at, crc FROM removed_queues ORDER BY removed_at";
inline constexpr std::string_view replace_removed = "REPLACE INTO removed_queues VALUES (?1, ?2, ?3, ?4, ?5)";
inline constexpr std::string_view delete_removed =
    "DELETE FROM removed_queues WHERE region = ?1 AND account = ?2 AND name = ?3";
Result<void> put_removed(sqlite::Statement& replace, const RemovedName& removed);
Result<RemovedName> removed_from(const sqlite::Cursor& row);

inline constexpr std::string_view select_move_tasks = "SELECT * FROM move_tasks ORDER BY no";
inline constexpr std::string_view replace_move_task =
    "REPLACE INTO move_tasks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
Result<void> put_move_task(sqlite::Statement& replace, const MoveTask& task);
Result<MoveTask> move_task_from(const sqlite::Cursor& row);

}  // namespace orderflow::queue
