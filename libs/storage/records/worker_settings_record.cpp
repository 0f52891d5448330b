#include "libs/storage/records/worker_settings_record.hpp"

#include "libs/sqlite/statement.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t settings_format = 1;
constexpr std::string_view only_key = "worker_settings";

void write(ByteWriter& out, const orders::SettingOrigin& origin) {
    out.text(origin.command_id);
    out.time(origin.asked_at);
}

orders::SettingOrigin read_origin(ByteReader& in) {
    orders::SettingOrigin origin;
    origin.command_id = in.text();
    origin.asked_at = in.time();
    return origin;
}

}  // namespace

std::string encode_worker_settings(const orders::WorkerSettings& settings) {
    ByteWriter out(settings_format);
    out.flag(settings.paused);
    write(out, settings.paused_by);
    out.optional(settings.in_progress_max, [&](std::int32_t most) { out.integer(most); });
    write(out, settings.limited_by);
    return std::move(out).sealed(sqlite::as_blob(only_key));
}

std::optional<orders::WorkerSettings> decode_worker_settings(Bytes record) {
    ByteReader in(record, sqlite::as_blob(only_key), settings_format);
    orders::WorkerSettings settings;
    settings.paused = in.flag();
    settings.paused_by = read_origin(in);
    if (in.flag()) settings.in_progress_max = static_cast<std::int32_t>(in.integer());
    settings.limited_by = read_origin(in);
    if (!in.finished()) return std::nullopt;
    return settings;
}

}  // namespace orderflow::storage
