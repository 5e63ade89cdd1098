// SHA-256 against the known answers of FIPS 180-4 and NIST's example vectors.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "output/output_error.hpp"
#include "output/sha256.hpp"
#include "output/sha256_blocks.hpp"
#include "tests/unit/output_sample.hpp"

using namespace prisonflow::output;

TEST_CASE("SHA-256 gives the known answers") {
  const auto hash = [](std::string_view text) { return hexadecimal(sha256(text)); };
  CHECK(hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hash(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 does not depend on how the message is cut") {
  const std::string message(300, 'q');
  const Digest whole = sha256(message);
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    Sha256 hash;
    hash.add(std::string_view(message).substr(0, cut));
    hash.add(std::string_view(message).substr(cut));
    REQUIRE(hash.finish() == whole);
  }
}

TEST_CASE("the portable form of SHA-256 agrees with the processor's instructions") {
  std::vector<std::uint8_t> blocks(5 * sha256_block_size);
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = static_cast<std::uint8_t>(i * i * 31 + i);
  Sha256State portable{1, 2, 3, 4, 5, 6, 7, 8}, fast = portable;
  for (const std::size_t count : {1u, 5u, 0u, 3u}) {
    compress_blocks_portably(portable, blocks.data(), count);
    compress_blocks(fast, blocks.data(), count);
    REQUIRE(portable == fast);
  }
}

TEST_CASE("the digest of a file is that of its bytes") {
  output_sample::TemporaryFolder folder;
  std::ofstream(folder / "abc") << "abc";
  CHECK(sha256_of_file(folder / "abc") == hexadecimal(sha256("abc")));
  CHECK_THROWS_AS(sha256_of_file(folder / "absent"), OutputError);
  CHECK_THROWS_AS(sha256_of_file(folder.path()), OutputError);
}
