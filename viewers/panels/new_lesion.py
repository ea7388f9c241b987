"""The control for a focus first seen at a follow-up: verdict, reason, and the question on ILD."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QRadioButton,
    QWidget,
)

from app.reading.edits import ClassifyNew
from app.reading.state import NewLesionClass
from app.translation import tr
from viewers.panels.styled_label import plain_label, wrapped_label
from viewers.presenters.new_lesions import ClassificationView, class_text, reasons, verdict


class NewLesionControl(QWidget):
    """Takes a verdict as soon as nothing is left to ask; until then says what is."""

    edit_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_lesion_control")
        self._view: ClassificationView | None = None
        self._handed_in = False
        self._group = QButtonGroup(self)
        self._buttons: dict[NewLesionClass, QRadioButton] = {}
        for number, new_class in enumerate(NewLesionClass):
            button = QRadioButton(class_text(new_class))
            button.setObjectName(f"class_{new_class.value}")
            self._buttons[new_class] = button
            self._group.addButton(button, number)
        self._reason = QComboBox()
        self._reason.setObjectName("new_lesion_reason")
        self._reason.setAccessibleName(tr("Reason"))
        self._reason.addItem(tr("Reason…"), "")
        for code, name in reasons():
            self._reason.addItem(name, code)
        self._reason.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._ild = QCheckBox(tr("ILD or pneumonitis considered"))
        self._ild.setObjectName("ild_considered")
        self._question = wrapped_label("", "warning")
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(3)
        layout.addWidget(plain_label(tr("New lesion?"), "heading"), 0, 0, 1, 2)
        layout.addWidget(self._ild, 1, 0, 1, 2)
        layout.addWidget(self._buttons[NewLesionClass.UNEQUIVOCAL], 2, 0)
        layout.addWidget(self._buttons[NewLesionClass.EQUIVOCAL], 2, 1)
        layout.addWidget(self._buttons[NewLesionClass.NOT_MALIGNANT], 3, 0)
        layout.addWidget(self._reason, 3, 1)
        layout.addWidget(self._question, 4, 0, 1, 2)
        layout.setColumnStretch(1, 1)
        self._group.idClicked.connect(self._ask)
        self._ild.clicked.connect(self._ask)
        self._reason.activated.connect(self._ask)

    def show_verdict(self, view: ClassificationView) -> None:
        """Shows what was decided. What is half answered for the same lesion stays.

        An answer that was handed in and did not come back was not taken: it does not stay.
        """
        if view == self._view and not self._handed_in:
            return
        self._view, self._handed_in = view, False
        self._group.setExclusive(False)
        for new_class, button in self._buttons.items():
            button.setChecked(new_class is view.new_class)
        self._group.setExclusive(True)
        self._reason.setCurrentIndex(max(self._reason.findData(view.reason), 0))
        self._reason.setEnabled(view.new_class is NewLesionClass.NOT_MALIGNANT)
        self._ild.setVisible(view.ild_asked)
        self._ild.setChecked(view.ild_considered)
        self._say("")

    def question(self) -> str:
        """What is still to be answered, "" where nothing is."""
        return self._question.text()

    def _ask(self) -> None:
        chosen = self._chosen()
        self._reason.setEnabled(chosen is NewLesionClass.NOT_MALIGNANT)
        if self._view is None or (chosen is None and not self._ild.isChecked()):
            return
        reason = self._reason.currentData(Qt.ItemDataRole.UserRole)
        answer = verdict(self._view, chosen, reason, self._ild.isChecked())
        if isinstance(answer, ClassifyNew):
            self._say("")
            if chosen is not None:
                self._handed_in = True
                self.edit_requested.emit(answer)
        else:
            self._say(answer)

    def _chosen(self) -> NewLesionClass | None:
        number = self._group.checkedId()
        return None if number < 0 else tuple(NewLesionClass)[number]

    def _say(self, text: str) -> None:
        self._question.setText(text)
        self._question.setVisible(bool(text))
