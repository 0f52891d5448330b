#include "libs/crypto/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow::crypto {
namespace {

constexpr std::size_t block_bytes = 64;  // of SHA-256

using Context = std::unique_ptr<EVP_MD_CTX, decltype([](EVP_MD_CTX* context) { EVP_MD_CTX_free(context); })>;

// Looked up once: finding an algorithm by its name costs more than hashing an order.
const EVP_MD* algorithm() {
    static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
    ORDERFLOW_INVARIANT(found != nullptr);
    return found;
}

const EVP_MD* md5_algorithm() {
    static const EVP_MD* const found = EVP_MD_fetch(nullptr, "MD5", nullptr);
    ORDERFLOW_INVARIANT(found != nullptr);
    return found;
}

Context begin() {
    Context context(EVP_MD_CTX_new());
    ORDERFLOW_INVARIANT(context != nullptr && EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1);
    return context;
}

void add(EVP_MD_CTX* context, std::string_view bytes) {
    const int ok = EVP_DigestUpdate(context, bytes.data(), bytes.size());
    ORDERFLOW_INVARIANT(ok == 1);
}

Sha256 finish(EVP_MD_CTX* context) {
    Sha256 out;
    const int ok = EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()), nullptr);
    ORDERFLOW_INVARIANT(ok == 1);
    return out;
}

std::string_view text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Sha256 sha256(std::string_view data) {
    const auto context = begin();
    add(context.get(), data);
    return finish(context.get());
}

struct Sha256Stream::State {
    Context context = begin();
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {}
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::add(std::span<const std::byte> bytes) { crypto::add(state_->context.get(), text(bytes)); }

Sha256 Sha256Stream::finish() { return crypto::finish(state_->context.get()); }

std::string md5_hex(std::string_view data) {
    std::array<std::byte, 16> sum{};
    auto* const out = reinterpret_cast<unsigned char*>(sum.data());
    const int ok = EVP_Digest(data.data(), data.size(), out, nullptr, md5_algorithm(), nullptr);
    ORDERFLOW_INVARIANT(ok == 1);
    return to_hex(sum);
}

// RFC 2104: H(key ^ opad, H(key ^ ipad, message)), each state with its first block already hashed.
struct HmacKey::States {
    explicit States(std::span<const std::byte> key) : inner(begin()), outer(begin()) {
        std::array<std::byte, block_bytes> block{};
        if (key.size() > block_bytes) {
            std::ranges::copy(sha256(text(key)), block.begin());
        } else {
            std::ranges::copy(key, block.begin());
        }
        absorb(inner.get(), block, std::byte{0x36});
        absorb(outer.get(), block, std::byte{0x5c});
        OPENSSL_cleanse(block.data(), block.size());
    }

    static void absorb(EVP_MD_CTX* into, std::array<std::byte, block_bytes> block, std::byte pad) {
        for (auto& byte : block) byte ^= pad;
        add(into, text(block));
        OPENSSL_cleanse(block.data(), block.size());
    }

    Context inner;
    Context outer;
};

HmacKey::HmacKey(std::span<const std::byte> key) : states_(std::make_unique<const States>(key)) {}
HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(HmacKey&&) noexcept = default;
HmacKey::~HmacKey() = default;

Sha256 HmacKey::mac(std::initializer_list<std::string_view> parts) const {
    const Context context(EVP_MD_CTX_new());
    ORDERFLOW_INVARIANT(context != nullptr && EVP_MD_CTX_copy_ex(context.get(), states_->inner.get()) == 1);
    for (const auto part : parts) add(context.get(), part);
    const auto inner = finish(context.get());
    ORDERFLOW_INVARIANT(EVP_MD_CTX_copy_ex(context.get(), states_->outer.get()) == 1);
    add(context.get(), text(inner));
    return finish(context.get());
}

bool equal_in_constant_time(std::span<const std::byte> a, std::span<const std::byte> b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace orderflow::crypto
