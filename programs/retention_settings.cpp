#include "programs/retention_settings.hpp"

#include <cstdint>

namespace orderflow {

std::optional<RetentionSettings> read_retention(SettingsReader& settings, const std::filesystem::path& data_dir) {
    constexpr std::int64_t days_max = 36'500;
    constexpr std::int64_t for_ever = 0;
    const auto archive = settings.text("ORDERFLOW_ARCHIVE_DIR", (data_dir / "archive").string());
    const auto days = settings.integer("ORDERFLOW_RETENTION_DAYS", for_ever, 1, days_max);
    if (days == for_ever) return std::nullopt;
    return RetentionSettings{std::chrono::days(days), archive};
}

std::string retention_help() {
    return "  ORDERFLOW_RETENTION_DAYS completed, rejected and cancelled orders stay so long after their last\n"
           "                           change, 1 to 36500; then they are archived           [for ever]\n"
           "  ORDERFLOW_ARCHIVE_DIR    where they go then, as lines of JSON                 [<data dir>/archive]\n";
}

}  // namespace orderflow
