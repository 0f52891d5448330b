#include "libs/storage/feed_hub.hpp"

#include <utility>

namespace orderflow::storage {

class FeedHub::Entry final : public orders::OrderFeed::Subscription {
  public:
    Entry(FeedHub& hub, const orders::OrderId& id, orders::OrderFeed::Callback changed)
        : hub_(hub), id_(id), changed_(std::move(changed)) {
        const std::lock_guard lock(hub_.mutex_);
        hub_.entries_[id_].push_back(this);
        ++hub_.size_;
    }
    ~Entry() override {
        const std::lock_guard lock(hub_.mutex_);
        const auto listeners = hub_.entries_.find(id_);
        std::erase(listeners->second, this);
        if (listeners->second.empty()) hub_.entries_.erase(listeners);
        --hub_.size_;
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    void call(std::int32_t version) const { changed_(version); }

  private:
    FeedHub& hub_;
    orders::OrderId id_;
    orders::OrderFeed::Callback changed_;
};

FeedHub::FeedHub() = default;
FeedHub::~FeedHub() = default;

std::unique_ptr<orders::OrderFeed::Subscription> FeedHub::subscribe(orders::OrderId id,
                                                                    orders::OrderFeed::Callback changed) {
    return std::make_unique<Entry>(*this, id, std::move(changed));
}

void FeedHub::publish(const orders::OrderId& id, std::int32_t version) {
    if (size_ == 0) return;
    const std::lock_guard lock(mutex_);
    const auto listeners = entries_.find(id);
    if (listeners == entries_.end()) return;
    for (const auto* entry : listeners->second) entry->call(version);
}

void FeedHub::publish_all(std::int32_t version) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, listeners] : entries_) {
        for (const auto* entry : listeners) entry->call(version);
    }
}

}  // namespace orderflow::storage
