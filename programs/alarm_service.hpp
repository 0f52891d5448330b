// AlarmService: the alarms of one program, on a thread of their own, so that no other load keeps them from being told.
// It also measures what no other part does: room on the disk, and whether the last run was cut short.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "libs/alarms/alarm_message.hpp"
#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/net/http_pool.hpp"
#include "libs/net/runtime.hpp"
#include "programs/alarm_sender.hpp"
#include "programs/alarm_watch.hpp"
#include "programs/run_mark.hpp"

namespace orderflow {

// Where beginnings and ends are sent to.
struct AlarmTarget {
    net::Url url;  // ORDERFLOW_ALARM_URL
    net::ProxySettings proxies;
};
// `settings` reads `environment`. Notes every error. None: nowhere.
std::optional<AlarmTarget> read_alarm_target(SettingsReader& settings, const Environment& environment);
std::string alarm_settings_help();

class AlarmService {
  public:
    static constexpr BootClock::duration looks_every = 5s;
    // For so long after a start the last run's end is worth an alarm.
    static constexpr BootClock::duration crash_is_news = 15min;

    // All outlive it.
    struct Parts {
        const Clock& clock;
        const observe::Logger& log;
        observe::Metrics& metrics;
    };
    // Begins at once. `program` is one of contracts/alarms.json; `data_dir` is there. Errors: HttpPool::create(), and
    // of the alarms that are built in, which is a fault of the build.
    static Result<std::unique_ptr<AlarmService>> start(Parts parts, const std::string& program,
                                                       const std::filesystem::path& data_dir,
                                                       const std::optional<AlarmTarget>& target);
    // The program came to its end: a process that does not get here was cut short. What is on its way is dropped.
    // Blocks for a moment.
    ~AlarmService();
    AlarmService(const AlarmService&) = delete;
    AlarmService& operator=(const AlarmService&) = delete;

  private:
    AlarmService(Parts parts, std::string program, const std::filesystem::path& data_dir);
    Result<void> send_to(const AlarmTarget& target);
    void tell(const alarms::AlarmChange& change);
    task<void> look_for_ever();
    void measure();

    Parts parts_;
    std::string program_;
    std::filesystem::path data_dir_;
    RunMark mark_;
    Instant begun_;
    observe::Gauge& crashed_;
    observe::Gauge& disk_free_bytes_;
    observe::Gauge& disk_free_ratio_;
    std::unique_ptr<net::HttpPool> pool_;
    std::unique_ptr<AlarmSender> sender_;
    alarms::MessageForm form_ = alarms::MessageForm::webhook;
    std::unique_ptr<AlarmWatch> watch_;
    net::Runtime loop_;  // last: its coroutines refer to everything above
};

}  // namespace orderflow
