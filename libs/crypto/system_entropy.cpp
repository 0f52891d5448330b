#include "libs/crypto/system_entropy.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "libs/base/invariant.hpp"

namespace orderflow::crypto {
namespace {

void draw(std::span<std::byte> out) {
    const int ok = RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
    ORDERFLOW_INVARIANT(ok == 1);
}

// A call of the generator costs thousands of instructions however few bytes it gives (it asks for the process id, to
// notice a fork). What was given out is wiped.
class Store {
  public:
    static constexpr std::size_t size = 1024;

    ~Store() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    void take(std::span<std::byte> out) {
        if (out.size() > left_) refill();
        const auto from = std::span(bytes_).subspan(size - left_, out.size());
        std::ranges::copy(from, out.begin());
        OPENSSL_cleanse(from.data(), from.size());
        left_ -= out.size();
    }

  private:
    void refill() {
        draw(bytes_);
        left_ = size;
    }

    std::array<std::byte, size> bytes_{};
    std::size_t left_ = 0;
};

constexpr std::size_t small = 64;

}  // namespace

void SystemEntropy::fill(std::span<std::byte> out) {
    if (out.size() > small) return draw(out);
    thread_local Store store;
    store.take(out);
}

}  // namespace orderflow::crypto
