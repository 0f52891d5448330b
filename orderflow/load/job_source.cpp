#include "orderflow/load/job_source.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::load {

bool JobSource::next_retry(Job& job) {
    if (retries_.empty()) return false;
    job = std::move(retries_.front());
    retries_.pop_front();
    return true;
}

bool JobSource::next(Job& job) {
    if (next_retry(job)) return true;
    if (about_a_known_order(job)) return true;
    if (orders_max_ != 0 && next_number_ > orders_max_) return false;
    job.kind = Job::Kind::place;
    job.number = next_number_++;
    job.order_id.clear();
    return true;
}

bool JobSource::about_a_known_order(Job& job) {
    constexpr std::uint64_t percent = 100;
    if (known_count_ == 0 || mix_.repeat + mix_.reuse + mix_.cancel == 0) return false;
    auto roll = static_cast<int>(dice_.below(percent));
    if ((roll -= mix_.repeat) < 0) {
        job.kind = Job::Kind::again;
    } else if ((roll -= mix_.reuse) < 0) {
        job.kind = Job::Kind::reuse;
    } else if ((roll -= mix_.cancel) < 0) {
        job.kind = Job::Kind::cancel;
    } else {
        return false;
    }
    const auto& known = known_[dice_.below(std::min<std::uint64_t>(known_count_, known_max))];
    job.number = known.number;
    job.order_id = job.kind == Job::Kind::cancel ? known.order_id : std::string();
    return true;
}

void JobSource::outcome_unknown(const Job& job, bool again) {
    if (!again && dice_.below(2) == 0) return;
    auto& retry = retries_.emplace_back(job);
    if (job.kind == Job::Kind::place) retry.kind = Job::Kind::retry;
}

void JobSource::acknowledged(std::uint64_t number, std::string_view order_id) {
    auto& known = known_[known_count_++ % known_max];
    known.number = number;
    known.order_id = order_id;
}

}  // namespace orderflow::load
