"""What managing folders costs at the mail server, counted at the socket."""

from __future__ import annotations

from webmail.mailbox import folders


def cost(tap, action):
    tap.settle()
    mark = tap.mark()
    action()
    tap.settle()
    return tap.since(mark)


def test_everything_there_is_to_know_is_one_round_trip(tapped):
    access, tap, user = tapped
    user.bulk("Kundar", [b"Subject: x\r\n\r\n"] * 3)
    folders.overview(access=access)
    assert cost(tap, lambda: folders.overview(access=access)).round_trips == 1


def test_a_deletion_asks_before_and_after(tapped):
    access, tap, _user = tapped
    folders.create_folder(access=access, label="Kundar")
    for label in "ABCDEFGH":
        folders.create_folder(access=access, label=label, parent="Kundar")
    seal = folders.doomed(access=access, folder="Kundar").seal
    traffic = cost(tap, lambda: folders.delete_folder(access=access, folder="Kundar", seal=seal))
    words = [command.split()[0] for command in traffic.commands]
    assert words.count("DELETE") == 9
    assert words.count("LIST") == 2
    # What there is, the eight, the one above them, the subscriptions, what there is now.
    assert traffic.round_trips <= 5


def test_order_and_folding_cost_nothing(tapped):
    access, tap, _user = tapped
    folders.create_folder(access=access, label="A")
    folders.create_folder(access=access, label="B")

    def action():
        folders.move_by(access=access, folder="B", by=-1)
        folders.fold(access=access, folder="A", on=True)

    assert cost(tap, action).round_trips == 0
