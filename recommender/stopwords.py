"""The words of French and English that say nothing of a trade, in the folded form of `recommender.text`."""

from __future__ import annotations

from typing import Final

STOP_WORDS: Final[frozenset[str]] = frozenset(
    """
    afin ailleurs ainsi alors apres aucun aucune aujourd aupres auquel aussi autour autre autres aux avant avec avoir
    ayant beaucoup bien ceci cela celle celles celui cependant certain certaine certaines certains ces cet cette ceux
    chaque chez chacun chacune comme comment contre dans davantage dehors deja depuis derriere des desormais dessous
    dessus deux devant doit doivent donc dont duquel durant elle elles encore enfin ensuite entre environ est etaient
    etait etant ete etre eux faire fait faite faites font fut hors hui ici ils jusqu jusque lequel les lesquelles lesquels
    leur leurs lors lorsque lui mais malgre meme memes mes mieux moins mon nos notamment notre nous ont parce parfois parmi
    par pas pendant peu peut peuvent plus plusieurs plutot pour pourquoi pourtant pres puis puisque quand quant que quel
    quelle quelles quelque quelques quels qui quoi sans sauf sein selon sera seront ses seul seule seulement sinon soit
    son sont sous souvent sur surtout tandis tant tel telle telles tels ton toujours tous tout toute toutes tres trois une
    vers via voici voila vos votre vous
    about above across after again against all along already also although always among and another any are around
    because been before being below between both but can cannot could did does doing down during each either else etc ever
    every few for from further had has have having her here hers him his how however into its itself just least less many
    may might more most much must near neither nor not now off once one only onto other others our ours out over own per
    same several shall she should since some such than that the their them then there these they this those three through
    thus too toward towards two under until upon very was well were what when where whether which while who whom whose why
    will with within without would yet you your
    """.split()
)
