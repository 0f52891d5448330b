#include "programs/alarm_service.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "libs/alarms/alarm_rules.hpp"
#include "libs/contract/timestamp.hpp"

namespace orderflow {
namespace {

constexpr std::size_t host_name_max = 256;
constexpr std::size_t answer_bytes_max = 64 * 1024;

std::string host_name() {
    std::array<char, host_name_max> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

// `pool` outlives it: it ends before the loop does, and the pool after.
task<Result<int>> post_json(net::HttpPool& pool, net::Url url, std::string body, Instant deadline) {
    net::ClientRequest request{.method = "POST",
                               .url = std::move(url),
                               .fields = {{"Content-Type", "application/json"}},
                               .body = std::move(body),
                               .answer_bytes_max = answer_bytes_max};
    const auto answer = co_await pool.ask(std::move(request), deadline);
    if (!answer) co_return fail(answer.error());
    co_return static_cast<int>(answer->status);
}

}  // namespace

std::optional<AlarmTarget> read_alarm_target(SettingsReader& settings, const Environment& environment) {
    const auto text = settings.optional_text("ORDERFLOW_ALARM_URL");
    if (!text) return std::nullopt;
    auto url = net::Url::parse(*text);
    auto proxies = net::ProxySettings::from(environment);
    if (!url) settings.refuse("ORDERFLOW_ALARM_URL", "expected an http or https URL");
    if (!proxies) settings.refuse("ORDERFLOW_ALARM_URL", "the proxy for it: " + proxies.error().detail());
    if (!url || !proxies) return std::nullopt;
    return AlarmTarget{*std::move(url), *std::move(proxies)};
}

std::string alarm_settings_help() {
    return "  ORDERFLOW_ALARM_URL      where alarms are sent to: a webhook, or Slack's; none: log and metrics  []\n";
}

Result<std::unique_ptr<AlarmService>> AlarmService::start(Parts parts, const std::string& program,
                                                          const std::filesystem::path& data_dir,
                                                          const std::optional<AlarmTarget>& target) {
    auto rules = alarms::read_alarm_rules(alarms::standard_alarms_json());
    if (!rules) return fail(std::move(rules).error());
    std::unique_ptr<AlarmService> service(new AlarmService(parts, program, data_dir));
    if (target) {
        if (auto ready = service->send_to(*target); !ready) return fail(std::move(ready).error());
    }
    auto& self = *service;
    self.watch_ = std::make_unique<AlarmWatch>(AlarmWatch::Parts{parts.clock, parts.log, parts.metrics},
                                               alarms::rules_of(program, *std::move(rules)),
                                               [&self](const alarms::AlarmChange& change) { self.tell(change); });
    if (self.mark_.last_run_was_cut_short()) parts.log.warn("process.last_run_cut_short", {{"program", program}});
    self.loop_.start();
    self.loop_.spawn(self.look_for_ever());
    if (self.sender_ != nullptr) self.loop_.spawn(self.sender_->run());
    return service;
}

AlarmService::AlarmService(Parts parts, std::string program, const std::filesystem::path& data_dir)
    : parts_(parts),
      program_(std::move(program)),
      data_dir_(data_dir),
      mark_(data_dir, program_),
      begun_(parts.clock.now()),
      crashed_(parts.metrics.gauge("orderflow_process_crashed_recently",
                                   "1 in the first minutes after a run that did not come to its end.")),
      disk_free_bytes_(parts.metrics.gauge("orderflow_disk_free_bytes", "Room on the disk of the data directory.")),
      disk_free_ratio_(
          parts.metrics.gauge("orderflow_disk_free_ratio", "Of the disk of the data directory, what is free.")),
      loop_(parts.clock, 1, "alarms") {}

Result<void> AlarmService::send_to(const AlarmTarget& target) {
    net::HttpPoolSettings settings;
    settings.connections_per_server = 1;
    settings.proxies = target.proxies;
    auto pool = net::HttpPool::create({loop_.loop(), loop_.executor(), parts_.clock}, std::move(settings));
    if (!pool) return fail(std::move(pool).error());
    pool_ = *std::move(pool);
    form_ = alarms::form_for(target.url.host);
    sender_ =
        std::make_unique<AlarmSender>(AlarmSender::Parts{loop_.executor(), parts_.clock, parts_.log, parts_.metrics},
                                      [to = pool_.get(), url = target.url](std::string body, Instant deadline) {
                                          return post_json(*to, url, std::move(body), deadline);
                                      });
    return {};
}

void AlarmService::tell(const alarms::AlarmChange& change) {
    if (sender_ == nullptr) return;
    const alarms::AlarmSource source{.program = program_, .instance = host_name()};
    sender_->send(alarms::encode_message(change, source, contract::to_timestamp(parts_.clock.wall()), form_));
}

task<void> AlarmService::look_for_ever() {
    for (;;) {
        measure();
        watch_->look();
        co_await sleep_until(loop_.executor(), parts_.clock.now() + looks_every);
    }
}

void AlarmService::measure() {
    struct statvfs disk{};
    if (::statvfs(data_dir_.c_str(), &disk) == 0 && disk.f_blocks > 0) {
        disk_free_bytes_.set(static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize));
        disk_free_ratio_.set(static_cast<double>(disk.f_bavail) / static_cast<double>(disk.f_blocks));
    }
    const bool is_news = parts_.clock.now() - begun_ < crash_is_news;
    crashed_.set(mark_.last_run_was_cut_short() && is_news ? 1 : 0);
}

AlarmService::~AlarmService() {
    loop_.stop();
    if (pool_ != nullptr) pool_->close_idle();
    mark_.end();
}

}  // namespace orderflow
